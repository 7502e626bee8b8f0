package org.chirplens.experiments.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a key of a config file means, its default and its range: the only place where these are written down. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The meaning, with the unit. */
    String value();

    /** The default as YAML; empty when there is none. A section needs none: its keys have theirs. */
    String byDefault() default "";

    /** Whether the key may be absent without a default; the component is then null. */
    boolean optional() default false;

    /** Least value. */
    double min() default Double.NEGATIVE_INFINITY;

    /** Greatest value. */
    double max() default Double.POSITIVE_INFINITY;

    /** Bound that the value must exceed. */
    double above() default Double.NEGATIVE_INFINITY;

    /** Bound that the value must stay under. */
    double below() default Double.POSITIVE_INFINITY;

    /** Whether {@link ConfigRules} checks the range, because a bound depends on another setting. */
    boolean ruled() default false;
}
