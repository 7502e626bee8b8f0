/**
 * The program around the library: its commands, config files and run directories. {@link Main} finds the command,
 * {@code cli} is what all commands share, {@code command} has one class each, {@code config} reads config files,
 * {@code run} keeps run directories and the stages of a run, {@code sweep} runs a grid of them, {@code verify} compares with
 * recorded tensors, and {@code bench} measures.
 */
@NullMarked
package org.chirplens.experiments;

import org.jspecify.annotations.NullMarked;
