package io.idempotenttrace.core.store;

/**
 * A mode that somebody asks all processes of a fleet to have. All of it is text that came from the store.
 *
 * @param mode as the setting {@code mode} has it; a newer version of the agent may know others
 * @param when since when, as ISO-8601
 * @param who the user and the machine
 */
public record FleetMode(String mode, String when, String who) {}
