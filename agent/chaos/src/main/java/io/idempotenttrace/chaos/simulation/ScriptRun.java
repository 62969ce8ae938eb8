package io.idempotenttrace.chaos.simulation;

import java.util.List;
import org.luaj.vm2.LuaString;

/** One script that a process has sent. Which one it is, its arguments tell. */
final class ScriptRun {

    enum Kind {
        CLAIM,
        COMPLETE,
        FAIL,
        RENEW,
        DELETE,
        READ
    }

    private static final int HASH_LENGTH = 64;
    private static final int ARGUMENTS_OF_COMPLETION = 5;

    final Process process;
    final Kind kind;
    final List<LuaString> keys;
    final List<LuaString> arguments;

    ScriptRun(Process process, List<LuaString> keys, List<LuaString> arguments) {
        this.process = process;
        this.keys = keys;
        this.arguments = arguments;
        int given = arguments.size();
        this.kind = given == 0
                ? Kind.READ
                : given == 1
                        ? Kind.DELETE
                        : given == 2
                                ? Kind.RENEW
                                : given == 3
                                        ? Kind.FAIL
                                        : arguments.get(0).length() == HASH_LENGTH ? Kind.CLAIM : Kind.COMPLETE;
    }

    /** How many records it completes together. */
    int records() {
        return kind != Kind.COMPLETE ? 1 : keys.size() / keysOfEach();
    }

    int keysOfEach() {
        return keys.size() > 1 && keys.get(1).tojstring().contains(":%failed:") ? 2 : 1;
    }

    String owner(int record) {
        return kind == Kind.CLAIM ? text(4) : text(record * (kind == Kind.COMPLETE ? arguments.size() / records() : 0));
    }

    String text(int argument) {
        return arguments.get(argument).tojstring();
    }

    /** Of a completion that may be one of several. */
    String text(int record, int argument) {
        return text(record * (arguments.size() / records()) + argument);
    }

    boolean isWhole() {
        return records() == 1 && arguments.size() > ARGUMENTS_OF_COMPLETION;
    }
}
