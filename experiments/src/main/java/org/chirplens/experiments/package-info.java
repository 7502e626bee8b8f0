@NullMarked
package org.chirplens.experiments;

import org.jspecify.annotations.NullMarked;
