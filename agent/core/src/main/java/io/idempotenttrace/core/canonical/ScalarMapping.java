package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A value that is one text, one number or one boolean. */
abstract class ScalarMapping extends ValueMapping {

    @Override
    boolean hasChild(Object value, String segment) {
        return false;
    }

    @Override
    List<String> childNames(Object value) {
        return List.of();
    }

    /** A value whose JSON is a string. */
    static final class Text extends ScalarMapping {

        private final Function<Object, String> text;
        private final Function<Object, String> pythonStr;

        Text(Function<Object, String> text) {
            this(text, text);
        }

        /**
         * @param text in every other form, in keys and names, and for pointers
         * @param pythonStr in {@link CanonicalForm#PYTHON_STR}
         */
        Text(Function<Object, String> text, Function<Object, String> pythonStr) {
            this.text = text;
            this.pythonStr = pythonStr;
        }

        /** Of what is a text by its class's shape, and has a type: objects of Kotlin and Scala. */
        @Override
        boolean isConstant(Object value) {
            return true;
        }

        @Override
        void write(CanonicalWriter writer, Object value) {
            writer.string((writer.form == CanonicalForm.PYTHON_STR ? pythonStr : text).apply(value));
        }

        @Override
        String memberName(Object value) {
            return text.apply(value);
        }

        @Override
        String keyText(Object value) {
            return text.apply(value);
        }

        @Override
        Object textOrBytes(Object value) {
            return text.apply(value);
        }
    }

    /** A value that stands for another one, or for null: an Optional, an AtomicReference, a holder. */
    static final class Holder extends ScalarMapping {

        private final Function<Object, Object> content;

        Holder(Function<Object, Object> content) {
            this.content = content;
        }

        @Override
        void write(CanonicalWriter writer, Object value) {
            writer.held(value, content.apply(value));
        }

        @Override
        boolean isObject(Object value) {
            Object held = content.apply(value);
            return held != null && ValueMapping.of(held).isObject(held);
        }

        @Override
        @Nullable
        Object child(Object value, String segment) {
            Object held = content.apply(value);
            return held == null ? null : ValueMapping.of(held).child(held, segment);
        }

        @Override
        @Nullable
        String memberName(Object value) {
            Object held = content.apply(value);
            return held == null ? "null" : ValueMapping.of(held).memberName(held);
        }

        @Override
        @Nullable
        String keyText(Object value) {
            Object held = content.apply(value);
            return held == null ? null : ValueMapping.of(held).keyText(held);
        }

        @Override
        boolean hasChild(Object value, String segment) {
            Object held = content.apply(value);
            return held != null && ValueMapping.of(held).hasChild(held, segment);
        }

        @Override
        List<String> childNames(Object value) {
            Object held = content.apply(value);
            return held == null ? List.of() : ValueMapping.of(held).childNames(held);
        }

        @Override
        @Nullable
        Object textOrBytes(Object value) {
            Object held = content.apply(value);
            return held == null ? null : ValueMapping.of(held).textOrBytes(held);
        }
    }

    /** Bytes: base64, or Python's text of them. */
    static final class Bytes extends ScalarMapping {

        private final Function<Object, ByteBuffer> bytes;

        Bytes(Function<Object, ByteBuffer> bytes) {
            this.bytes = bytes;
        }

        @Override
        void write(CanonicalWriter writer, Object value) {
            writer.bytes(bytes.apply(value));
        }

        @Override
        String memberName(Object value) {
            return keyText(value);
        }

        @Override
        String keyText(Object value) {
            ByteBuffer content = bytes.apply(value);
            byte[] copy = new byte[content.remaining()];
            content.get(copy);
            return Base64.getEncoder().encodeToString(copy);
        }

        @Override
        Object textOrBytes(Object value) {
            return bytes.apply(value);
        }
    }

    static final ValueMapping BOOLEAN = new ScalarMapping() {
        @Override
        void write(CanonicalWriter writer, Object value) {
            writer.ascii(value.toString());
        }

        @Override
        String memberName(Object value) {
            return value.toString();
        }
    };

    static final ValueMapping NUMBER = new ScalarMapping() {
        @Override
        void write(CanonicalWriter writer, Object value) {
            if (value instanceof Double number) {
                writer.number(number.doubleValue());
            } else if (value instanceof Float number) {
                writer.number(number.floatValue());
            } else if (value instanceof DoubleAdder || value instanceof DoubleAccumulator) {
                writer.number(((Number) value).doubleValue());
            } else if (value instanceof BigInteger number) {
                writer.integer(number);
            } else if (value instanceof BigDecimal number) {
                writer.decimal(number);
            } else {
                writer.integer(((Number) value).longValue());
            }
        }

        @Override
        @Nullable
        String memberName(Object value) {
            return keyText(value);
        }
    };
}
