/**
 * What all commands share: the description of a command, its parsed options and arguments, help texts, and the console. Results go
 * to standard output; progress and messages go to standard error.
 *
 * <p>A new command is a class with a {@link org.chirplens.experiments.cli.CommandSpec} and a line in
 * {@link org.chirplens.experiments.command.Commands}; help, checks of its options and suggestions follow from it.
 */
@NullMarked
package org.chirplens.experiments.cli;

import org.jspecify.annotations.NullMarked;
