/**
 * The planted bugs by which each check proves that it can see. A mutant is an edit of scripts or of methods of the agent: {@link
 * io.idempotenttrace.chaos.mutants.MutantAgent} applies it to a packed agent, and whoever loads the agent's classes himself applies it to
 * script texts and class files by {@link io.idempotenttrace.chaos.mutants.Mutant#script} and {@link
 * io.idempotenttrace.chaos.mutants.Mutant#classFile}.
 */
package io.idempotenttrace.chaos.mutants;
