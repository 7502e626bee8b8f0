/** Files and directories that appear whole or not at all, whenever the process ends. */
@NullMarked
package org.chirplens.file;

import org.jspecify.annotations.NullMarked;
