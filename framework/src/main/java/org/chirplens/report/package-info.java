/**
 * Figures (PNG and SVG) and the HTML report of a run, of a sweep or of two runs compared, drawn from result records; no session, no model.
 */
@NullMarked
package org.chirplens.report;

import org.jspecify.annotations.NullMarked;
