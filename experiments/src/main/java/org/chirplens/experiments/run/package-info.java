/**
 * Runs: the stages from data to report, and the directory that they fill. Every file is written whole or not at all. A stage that is
 * done is noted in {@code manifest.json}; {@code --resume} goes on with the first one that is not.
 */
@NullMarked
package org.chirplens.experiments.run;

import org.jspecify.annotations.NullMarked;
