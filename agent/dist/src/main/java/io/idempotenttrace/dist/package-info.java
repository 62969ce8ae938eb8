/** Packs the engine's classes into the agent jar. Runs in the build; nothing of it is in the jar. */
package io.idempotenttrace.dist;
