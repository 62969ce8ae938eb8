package io.idempotenttrace.benchmarks.program;

/** As {@link PlainClass00000}, but its constant pool nearly names the annotation, again and again: the last letter compared differs. */
public class NearClass00000 extends PlainClass00000 {

    private static final String[] NEARLY = {
        "Mio/idempotenttrace/IdempotentTrace;", "Nio/idempotenttrace/IdempotentTrace;",
                "Oio/idempotenttrace/IdempotentTrace;",
        "Pio/idempotenttrace/IdempotentTrace;", "Qio/idempotenttrace/IdempotentTrace;",
                "Rio/idempotenttrace/IdempotentTrace;",
        "Sio/idempotenttrace/IdempotentTrace;", "Tio/idempotenttrace/IdempotentTrace;",
                "Uio/idempotenttrace/IdempotentTrace;",
        "Vio/idempotenttrace/IdempotentTrace;", "Wio/idempotenttrace/IdempotentTrace;",
                "Xio/idempotenttrace/IdempotentTrace;",
        "Yio/idempotenttrace/IdempotentTrace;", "Zio/idempotenttrace/IdempotentTrace;",
                "aio/idempotenttrace/IdempotentTrace;",
        "bio/idempotenttrace/IdempotentTrace;", "cio/idempotenttrace/IdempotentTrace;",
                "dio/idempotenttrace/IdempotentTrace;",
        "eio/idempotenttrace/IdempotentTrace;", "fio/idempotenttrace/IdempotentTrace;",
                "gio/idempotenttrace/IdempotentTrace;",
        "hio/idempotenttrace/IdempotentTrace;", "iio/idempotenttrace/IdempotentTrace;",
                "jio/idempotenttrace/IdempotentTrace;"
    };

    public boolean isNear(String text) {
        for (String each : NEARLY) {
            if (each.equals(text)) {
                return true;
            }
        }
        return false;
    }
}
