package io.idempotenttrace.survey;

import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.Pointer;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A place at which a program may hand an object to the agent. */
enum View implements Look {

    /** The payload itself. */
    PAYLOAD {
        @Override
        public String of(Object value) {
            return PYTHON.hash(value, Exclusions.NONE);
        }
    },
    PAYLOAD_IN_JCS {
        @Override
        public String of(Object value) {
            return JCS.hash(value, Exclusions.NONE);
        }
    },
    PAYLOAD_IN_PYTHON_STR {
        @Override
        public String of(Object value) {
            return PYTHON_STR.hash(value, Exclusions.NONE);
        }
    },
    PAYLOAD_IN_PYTHON_UNICODE {
        @Override
        public String of(Object value) {
            return PYTHON_UNICODE.hash(value, Exclusions.NONE);
        }
    },
    MEMBER {
        @Override
        public String of(Object value) {
            return PYTHON.hash(Map.of("kind", "span", "value", value), Exclusions.NONE);
        }
    },
    ELEMENT {
        @Override
        public String of(Object value) {
            return PYTHON.hash(List.of("first", value), Exclusions.NONE);
        }
    },
    /** The key of a map. */
    NAME {
        @Override
        public String of(Object value) {
            return PYTHON.hash(Collections.singletonMap(value, true), Exclusions.NONE);
        }
    },
    /** A parameter that is the idempotency key as a whole. */
    KEY {
        @Override
        public String of(Object value) {
            return Pointer.parse("").textAt(value);
        }
    };

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);
    private static final PayloadHasher PYTHON_STR = new PayloadHasher(CanonicalForm.PYTHON_STR);
    private static final PayloadHasher PYTHON_UNICODE = new PayloadHasher(CanonicalForm.PYTHON_UNICODE);
    private static final PayloadHasher JCS = new PayloadHasher(CanonicalForm.JCS);

    @Override
    public boolean isText() {
        return this == NAME || this == KEY;
    }

    @Override
    public boolean isPayload() {
        return this == PAYLOAD;
    }
}
