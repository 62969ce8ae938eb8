package io.idempotenttrace.agent;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.AllPermission;
import java.security.Permissions;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * The loader of the engine and its libraries. They lie in an archive inside the agent's jar, so that no other loader finds
 * them. It asks itself first, then the platform loader: the application's copies of the same libraries are never seen, nor
 * are ours by the application.
 */
final class EngineClassLoader extends ClassLoader {

    /**
     * Where they see it, Lettuce and Netty begin to make events, wanted or not: a hundred classes more before the first
     * connection, and entries in the application's own recordings.
     */
    private static final String FLIGHT_RECORDER = "jdk.jfr.";

    static {
        registerAsParallelCapable();
    }

    private final EngineArchive archive;
    /** Where there is a security manager, the engine may do what the JDK may: it is a part of the JVM that the user started. */
    private final ProtectionDomain domain;

    EngineClassLoader(EngineArchive archive) {
        this(archive, ClassLoader.getPlatformClassLoader());
    }

    /** @param parent of the commands: shows the agent's own classes, and what the JDK gives tools alone */
    EngineClassLoader(EngineArchive archive, ClassLoader parent) {
        super("idempotent-trace", parent);
        this.archive = archive;
        Permissions all = new Permissions();
        all.add(new AllPermission());
        domain = new ProtectionDomain(null, all);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && !name.startsWith("java.")) {
                loaded = define(name);
            }
            if (loaded == null) {
                loaded = fromPlatform(name);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    private Class<?> fromPlatform(String name) throws ClassNotFoundException {
        if (name.startsWith(FLIGHT_RECORDER)) {
            throw new ClassNotFoundException(name + " is not for the engine");
        }
        return getParent().loadClass(name);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        Class<?> defined = define(name);
        if (defined == null) {
            throw new ClassNotFoundException(name);
        }
        return defined;
    }

    /** The class, or null if the jar has none of that name. */
    private @Nullable Class<?> define(String name) throws ClassNotFoundException {
        try {
            byte[] bytes = archive.read(name.replace('.', '/') + ".class");
            return bytes == null ? null : defineClass(name, bytes, 0, bytes.length, domain);
        } catch (IOException e) {
            throw new ClassNotFoundException(name + " can't be read", e);
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        return own != null ? own : getParent().getResource(name);
    }

    @Override
    protected @Nullable URL findResource(String name) {
        if (!archive.contains(name)) {
            return null;
        }
        try {
            // An own handler: containers switch the caching of jar: URLs off for the whole JVM.
            return new URL("idempotent-trace", null, -1, '/' + name, new ResourceHandler());
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL own = findResource(name);
        return own == null ? Collections.emptyEnumeration() : Collections.enumeration(Collections.singleton(own));
    }

    /** Reads one entry of the archive. */
    private final class ResourceHandler extends URLStreamHandler {

        @Override
        protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
                @Override
                public void connect() {}

                @Override
                public InputStream getInputStream() throws IOException {
                    byte[] bytes = archive.read(getURL().getPath().substring(1));
                    if (bytes == null) {
                        throw new IOException(getURL() + " is not in the agent's jar");
                    }
                    return new ByteArrayInputStream(bytes);
                }
            };
        }
    }
}
