package io.idempotenttrace.core.canonical;
public final class Exclusions { public static final Exclusions NONE=new Exclusions(); public static Exclusions parse(String... p){ for (String s: p) Pointer.parse(s); return NONE; } }
