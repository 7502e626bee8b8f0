/**
 * Config files. {@link ExperimentConfig} and the records that it holds are the only description of what a config file may say: each
 * component's {@link Setting} has its meaning, default and range. {@link ConfigReader} binds a YAML file (and {@code --set}
 * overrides) to them and reports every problem with its place; {@link ConfigSchema} writes them as JSON Schema.
 *
 * <p>A new setting is a new record component with a {@link Setting}: reader, schema and run directory follow. A rule that needs
 * more than one setting goes into {@link ConfigRules}.
 */
@NullMarked
package org.chirplens.experiments.config;

import org.jspecify.annotations.NullMarked;
