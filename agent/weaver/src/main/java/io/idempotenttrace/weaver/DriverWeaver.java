package io.idempotenttrace.weaver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Has the JDBC classes of drivers and pools, and the entity managers of JPA, tell the engine what is executed on them and how they end
 * transactions. Which classes these are is told by what a class file itself implements and declares: no other class is loaded or read for it, since one is about to be
 * loaded now. A class of the application that only looks like one is changed for nothing: the engine looks at the object.
 *
 * <p>The class keeps its shape (no member added, no format changed), and its other methods are copied byte for byte.
 */
final class DriverWeaver {

    private static final String STATEMENT = "java/sql/Statement";
    private static final List<String> STATEMENTS =
            List.of(STATEMENT, "java/sql/PreparedStatement", "java/sql/CallableStatement");
    private static final String CONNECTION = "java/sql/Connection";

    /**
     * Names of which each class has one that is of interest: what implements JDBC overrides methods that may fail, and what implements JPA
     * declares these methods.
     */
    static final List<String> NAMES = List.of(
            "java/sql/SQLException",
            CONNECTION,
            STATEMENT,
            STATEMENTS.get(1),
            STATEMENTS.get(2),
            "persist",
            "setRollbackOnly");

    /**
     * A woven class.
     *
     * @param endsTransactions whether it has methods that end transactions, and these are woven now
     */
    record Woven(byte[] classFile, boolean endsTransactions) {}

    /** A method to weave, and what the writer must know before it begins. */
    private record Target(DriverMethod kind, int maxLocals) {}

    private DriverWeaver() {}

    /** Null if the class is none of JDBC, or has nothing to tell. */
    static @Nullable Woven weave(byte[] classFile) {
        ClassReader reader = ClassFiles.reader(classFile);
        if ((reader.getAccess() & (Opcodes.ACC_INTERFACE | Opcodes.ACC_MODULE)) != 0) {
            return null;
        }
        Declared declared = new Declared();
        reader.accept(declared, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        Map<String, Target> targets = declared.targets();
        if (targets.isEmpty()) {
            return null;
        }
        String name = reader.getClassName();
        byte[] woven = ClassFiles.rewrite(classFile, reader, ClassReader.EXPAND_FRAMES, (method, copy) -> {
            Target target = targets.get(method);
            return target == null ? copy : new DriverMethodWriter(copy, name, target.kind(), target.maxLocals());
        });
        return new Woven(woven, targets.containsKey(DriverMethod.COMMIT_METHOD));
    }

    /** What a class implements itself, and which of its methods are of interest. */
    private static final class Declared extends ClassVisitor {

        private final Map<String, Target> ofStatement = new HashMap<>();
        private final Map<String, Target> ofConnection = new HashMap<>();
        private final Map<String, Target> ofManager = new HashMap<>();
        private boolean isStatement;
        private boolean isConnection;
        private boolean getsAutoCommit;
        private boolean isActive;
        private boolean setsRollbackOnly;

        Declared() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(
                int version, int access, String name, String signature, String superName, String[] interfaces) {
            for (String implemented : interfaces == null ? new String[0] : interfaces) {
                isStatement |= STATEMENTS.contains(implemented);
                isConnection |= implemented.equals(CONNECTION);
            }
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            if ((access & (Opcodes.ACC_STATIC | Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
                return null;
            }
            String method = name + descriptor;
            isConnection |= method.equals("createStatement()Ljava/sql/Statement;");
            getsAutoCommit |= method.equals("getAutoCommit()Z");
            isActive |= method.equals("isActive()Z");
            setsRollbackOnly |= method.equals("setRollbackOnly()V");
            DriverMethod kind = DriverMethod.of(method);
            if (kind == null) {
                return null;
            }
            isStatement |= descriptor.endsWith(")Ljava/sql/ResultSet;");
            isConnection |= kind == DriverMethod.SAVEPOINT || kind == DriverMethod.ROLLBACK_TO_SAVEPOINT;
            Map<String, Target> targets =
                    kind == DriverMethod.EXECUTE ? ofStatement : kind == DriverMethod.CHANGE ? ofManager : ofConnection;
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitMaxs(int maxStack, int maxLocals) {
                    targets.put(method, new Target(kind, maxLocals));
                }
            };
        }

        Map<String, Target> targets() {
            Map<String, Target> targets = new HashMap<>();
            if (isStatement || ofStatement.size() > 1) {
                targets.putAll(ofStatement);
            }
            boolean looksLikeOne = getsAutoCommit
                    && ofConnection.containsKey(DriverMethod.SWITCH_METHOD)
                    && ofConnection.containsKey(DriverMethod.COMMIT_METHOD);
            if (isConnection || looksLikeOne) {
                targets.putAll(ofConnection);
            }
            if (ofManager.containsKey(DriverMethod.PERSIST_METHOD)
                    && ofManager.containsKey(DriverMethod.MERGE_METHOD)) {
                targets.putAll(ofManager);
            }
            if (isActive && setsRollbackOnly) {
                copy(DriverMethod.COMMIT_METHOD, targets);
                copy(DriverMethod.ROLLBACK_METHOD, targets);
            }
            return targets;
        }

        private void copy(String method, Map<String, Target> targets) {
            Target known = ofConnection.get(method);
            if (known != null) {
                targets.put(method, known);
            }
        }
    }
}
