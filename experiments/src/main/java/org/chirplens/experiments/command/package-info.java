/** One class per command; {@link Commands} is their table. */
@NullMarked
package org.chirplens.experiments.command;

import org.jspecify.annotations.NullMarked;
