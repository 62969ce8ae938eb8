package io.idempotenttrace.applications.osgi;

import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** Starts the framework that is on the class path, and in it a bundle, twice. */
public final class FrameworkHost {

    private FrameworkHost() {}

    /** @param arguments the framework's own folder, the bundle's URL, and settings of the framework as {@code name=value} */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put(Constants.FRAMEWORK_STORAGE, arguments[0]);
        for (int i = 2; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            settings.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        Framework framework =
                ServiceLoader.load(FrameworkFactory.class).iterator().next().newFramework(settings);
        framework.start();
        try {
            for (int round = 1; round <= 2; round++) {
                // A bundle that is installed anew has another class loader.
                Bundle bundle = framework.getBundleContext().installBundle(arguments[1]);
                bundle.start();
                bundle.uninstall();
            }
        } finally {
            framework.stop();
            framework.waitForStop(0);
        }
    }
}
