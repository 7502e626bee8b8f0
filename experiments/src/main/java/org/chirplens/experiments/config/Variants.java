package org.chirplens.experiments.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a sealed interface of which a config file chooses one record by the value of a key. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Variants {
    /** The key that chooses, such as {@code source}. */
    String key();

    /** What the key means. */
    String meaning();

    /** One of the permitted records, by the value that chooses it. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface Variant {
        String value();
    }
}
