/** Files and directories that appear whole or not at all, whenever the process ends, and hashes of what they hold. */
@NullMarked
package org.chirplens.file;

import org.jspecify.annotations.NullMarked;
