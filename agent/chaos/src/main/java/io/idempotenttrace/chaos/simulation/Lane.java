package io.idempotenttrace.chaos.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What one thread that runs worlds keeps from each to the next, since it costs time to make.
 *
 * @param idle real threads without work
 * @param shaOf the SHA-1 of script texts
 */
record Lane(LuaScripts scripts, Deque<Carrier> idle, Map<String, String> shaOf) implements AutoCloseable {

    Lane() {
        this(new LuaScripts(), new ArrayDeque<>(), new HashMap<>());
    }

    @Override
    public void close() {
        idle.forEach(Carrier::dismiss);
    }
}
