package io.idempotenttrace.chaos.simulation;

/**
 * A promise that was broken.
 *
 * @param property what is counted
 * @param number of the property in PROPERTIES.md, such as P3
 * @param what for people
 */
record Violation(Property property, String number, String what) {}
