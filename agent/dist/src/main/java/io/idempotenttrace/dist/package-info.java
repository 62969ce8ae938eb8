/** Packs the engine's classes into the agent jar. Runs in the build; nothing of it is in the jar. */
@NullMarked
package io.idempotenttrace.dist;

import org.jspecify.annotations.NullMarked;
