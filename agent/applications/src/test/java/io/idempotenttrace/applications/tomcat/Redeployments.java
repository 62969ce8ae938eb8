package io.idempotenttrace.applications.tomcat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.core.JreMemoryLeakPreventionListener;
import org.apache.catalina.startup.Tomcat;

/** Deploys two web applications ten times, asks each, and waits until the class loaders of all deployments are collected. */
public final class Redeployments {

    private static final int ROUNDS = 10;
    private static final long COLLECTED_WITHIN_SECONDS = 60;

    private final Tomcat tomcat = new Tomcat();
    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    /** A phantom reference is enqueued only while it is reachable itself. */
    private final List<PhantomReference<ClassLoader>> phantoms = new ArrayList<>();

    private Redeployments(String baseFolder) {
        tomcat.setBaseDir(baseFolder);
        tomcat.setPort(0);
        // The web application's own descriptor says all; the default one wants JSP.
        tomcat.setAddDefaultWebXmlToWebapp(false);
        // What every Tomcat's server.xml has: the JDK's own caches must not keep the first deployment.
        tomcat.getServer().addLifecycleListener(new JreMemoryLeakPreventionListener());
    }

    /** @param arguments Tomcat's own folder, and that of the web application, from which both deployments are made */
    public static void main(String[] arguments) throws Exception {
        new Redeployments(arguments[0]).run(arguments[1]);
    }

    private void run(String application) throws Exception {
        tomcat.getConnector();
        tomcat.getHost();
        tomcat.start();
        for (int round = 1; round <= ROUNDS; round++) {
            Context left = deploy("/left", application);
            Context right = deploy("/right", application);
            System.out.println(ask(left, round) + "; " + ask(right, round));
            undeploy(left);
            undeploy(right);
        }
        System.out.println(waitUntilCollected());
        tomcat.stop();
        tomcat.destroy();
    }

    private Context deploy(String path, String application) {
        Context context = tomcat.addWebapp(path, application);
        ClassLoader loader = context.getLoader().getClassLoader();
        loaders.add(new WeakReference<>(loader));
        phantoms.add(new PhantomReference<>(loader, collected));
        return context;
    }

    private void undeploy(Context context) throws LifecycleException {
        tomcat.getHost().removeChild(context);
        context.destroy();
    }

    private String ask(Context context, int round) throws IOException {
        String span = context.getPath() + "/emit?id=" + context.getPath().substring(1) + "-" + round + "&name=";
        return get(span + "first") + ", " + get(span + "first") + ", " + get(span + "second");
    }

    private String get(String path) throws IOException {
        URL url = new URL("http", "localhost", tomcat.getConnector().getLocalPort(), path);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String waitUntilCollected() throws InterruptedException {
        int enqueued = 0;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(COLLECTED_WITHIN_SECONDS);
        while (enqueued < phantoms.size() && System.nanoTime() - deadline < 0) {
            System.gc();
            while (collected.remove(50) != null) {
                enqueued++;
            }
        }
        long reachable = loaders.stream().filter(loader -> loader.get() != null).count();
        return "deployments " + loaders.size() + ", collected " + enqueued + ", reachable " + reachable;
    }
}
