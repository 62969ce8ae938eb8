/**
 * The threads of this library: the only package that starts one. Each part that works aside has a {@link
 * io.idempotenttrace.core.background.BackgroundLoop}, which keeps the rules for all of them. It knows nothing of what the rounds do.
 */
@NullMarked
package io.idempotenttrace.core.background;

import org.jspecify.annotations.NullMarked;
