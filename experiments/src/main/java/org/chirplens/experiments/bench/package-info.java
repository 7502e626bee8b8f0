/**
 * What work costs on this machine, in processor time and wall time, beside peers that do the same work in the same run.
 * Processor time is that of the whole process, so the JIT compiler and the garbage collector are counted.
 */
@NullMarked
package org.chirplens.experiments.bench;

import org.jspecify.annotations.NullMarked;
