/**
 * The border between the engine and the application's code. {@link io.idempotenttrace.weaver.application.ApplicationCode} is the door
 * through which the engine runs code of the application for its own ends, {@link io.idempotenttrace.weaver.application.EngineRights} the
 * one through which the application's libraries call back into the engine. This package knows nothing of stores, futures or bytecode.
 */
@NullMarked
package io.idempotenttrace.weaver.application;

import org.jspecify.annotations.NullMarked;
