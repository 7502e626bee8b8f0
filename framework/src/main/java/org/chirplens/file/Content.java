package org.chirplens.file;

import java.io.IOException;

/**
 * What fills a file or a directory.
 *
 * @param <T> what it is written to
 */
@FunctionalInterface
public interface Content<T> {
    /** Writes it. */
    void to(T target) throws IOException;
}
