package io.idempotenttrace.dist;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What each package of the agent may know of others. Looks at all of the agent's classes, as they are compiled. */
class PackageRulesTest {

    private static final String ROOT = "io.idempotenttrace.";
    private static final String CORE = ROOT + "core..";
    private static final String REDIS_CLIENT = ROOT + "core.redisclient..";

    /** The entry runs where the core is not visible: its threads are its own. */
    private static final Set<String> MAKERS_OF_THREADS = Set.of(
            ROOT + "core.background.BackgroundThread",
            ROOT + "agent.IdempotentTraceAgent",
            ROOT + "agent.JmxRegistration",
            ROOT + "agent.ExitLine");

    private static final Set<String> HAVE_THREADS = Set.of(
            "java.lang.Thread",
            "java.util.Timer",
            "java.util.concurrent.ForkJoinPool",
            "java.util.concurrent.ThreadPoolExecutor",
            "java.util.concurrent.ScheduledThreadPoolExecutor",
            "io.netty.util.concurrent.FastThreadLocalThread",
            "io.netty.util.concurrent.DefaultThreadFactory");
    private static final Set<String> WITH_A_TIMER_OF_THE_JDK =
            Set.of("orTimeout", "completeOnTimeout", "delayedExecutor");

    /**
     * They ask futures that have ended, whose value is there, all but Platform, in which the one wait is. Others than the JDK's
     * {@link FutureTask} may run the application's tasks while a worker of a pool waits for them.
     */
    private static final Set<String> ASK_FUTURES = Set.of(
            ROOT + "core.background.Platform",
            ROOT + "core.failure.Failures",
            ROOT + "core.guard.Admittance",
            ROOT + "core.guard.CallEnds",
            ROOT + "core.guard.RetriedUpdates",
            ROOT + "core.store.redis.UnsentCalls",
            ROOT + "core.store.redis.WaitedGroup",
            ROOT + "weaver.SuspendedCall",
            ROOT + "weaver.async.KotlinFlows",
            ROOT + "weaver.async.PolledFutures");

    static {
        // What the libraries' and the JDK's classes extend does not matter here, and reading them takes most of the
        // time.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    private static final List<String> MODULES = List.of("agent", "bridge", "cli", "config", "core", "weaver");
    private static final JavaClasses AGENT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(MODULES.stream().map(ROOT::concat).toList());

    /** A module that is missing on the class path would keep every rule. */
    @Test
    void theClassesOfEachModuleAreLookedAt() {
        Set<String> seen = new TreeSet<>();
        AGENT.forEach(type -> seen.add(type.getPackageName().split("\\.")[2]));
        assertEquals(MODULES, List.copyOf(seen));
    }

    @Test
    void theBridgeKnowsNothing() {
        // Annotations that only a checker in the build reads are no dependency of what runs.
        classes()
                .that()
                .resideInAPackage(ROOT + "bridge..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "bridge..", "java..", "org.jspecify.annotations..")
                .check(AGENT);
    }

    @Test
    void theCoreKnowsNoBytecodeLibrary() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("net.bytebuddy..", "org.objectweb.asm..")
                .check(AGENT);
    }

    /** The hash of a payload must not hang on the version of a library. */
    @Test
    void theCoreKnowsNoJackson() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson..", "com.fasterxml..")
                .check(AGENT);
    }

    @Test
    void theWeaverKnowsNoRedis() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "weaver..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(REDIS_CLIENT, ROOT + "core.store.redis..", "io.lettuce..", "io.netty..")
                .check(AGENT);
    }

    @Test
    void onlyTheRedisClientKnowsLettuceAndNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackage(REDIS_CLIENT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lettuce..", "io.netty..", "reactor..", "org.reactivestreams..")
                .check(AGENT);
    }

    @Test
    void theRedisClientKnowsNoRecords() {
        noClasses()
                .that()
                .resideInAPackage(REDIS_CLIENT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "core.store..", ROOT + "core.guard..", ROOT + "config..")
                .check(AGENT);
    }

    /** Which store it is, and that there is Redis, must make no difference to the decision. */
    @Test
    void theGuardKnowsNoImplementationOfAStore() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "core.guard..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "core.store.memory..", ROOT + "core.store.redis..", REDIS_CLIENT)
                .check(AGENT);
    }

    @Test
    void theStoresKnowNoGuard() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "core.store..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "core.guard..")
                .check(AGENT);
    }

    /** What people ask is asked of the records and the server; what decides calls, and what reads settings, is none of it. */
    @Test
    void thePackageForOperatorsKnowsNoCallsAndNoSettings() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "core.operate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "core.guard..", ROOT + "core.open..", ROOT + "core.store.memory..")
                .check(AGENT);
    }

    @Test
    void theCommandsKnowNoRedis() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(REDIS_CLIENT, ROOT + "core.store.redis..")
                .check(AGENT);
    }

    @Test
    void ofTheCoreOnlyOpenReadsSettings() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .and()
                .resideOutsideOfPackage(ROOT + "core.open..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Configuration.class, Setting.class)
                .check(AGENT);
    }

    @Test
    void onlyTheCommandsKnowTheirParser() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(AGENT);
    }

    /** The commands tell what the weaver will do, by asking the class of it that says so. They weave and link nothing. */
    @Test
    void ofTheWeaverTheCommandsKnowWhatExplainsMethods() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "cli..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "belong to the weaver and explain no methods",
                        type -> type.getPackageName().startsWith(ROOT + "weaver")
                                && !Set.of("MethodExplainer", "ProblemCode")
                                        .contains(type.getBaseComponentType().getSimpleName())))
                .check(AGENT);
    }

    @Test
    void packagesFormNoCircle() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return SliceIdentifier.of(type.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(AGENT);
    }

    @Test
    void onlyTheBackgroundPackageMakesThreads() {
        noClasses()
                .that(DescribedPredicate.describe(
                        "are no makers of threads", type -> !MAKERS_OF_THREADS.contains(type.getName())))
                .should()
                .accessTargetWhere(DescribedPredicate.describe("a thread is made", PackageRulesTest::makesThread))
                .check(AGENT);
    }

    /** A thread that is started otherwise has nobody who sees it die. Netty and the JDK's Cleaner start those that they are given. */
    @Test
    void onlyTheSupervisedLoopStartsThreads() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "core.background..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "agent.JmxRegistration")
                .should()
                .callMethod(Thread.class, "start")
                .check(AGENT);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "core.background..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "core.redisclient.LeanResources")
                .and()
                .haveNameNotMatching(ROOT.replace(".", "\\.") + "weaver\\.transaction\\.JoinedTransaction.*")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ROOT + "core.background.BackgroundThread")
                .check(AGENT);
    }

    @Test
    void onlyThePlatformWaitsForFutures() {
        noClasses()
                .that(DescribedPredicate.describe(
                        "are not known to ask futures that have ended",
                        type -> !ASK_FUTURES.contains(type.getName().split("\\$")[0])))
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "a future is waited for",
                        access -> Set.of("get", "join").contains(access.getName())
                                && access.getTargetOwner().isAssignableTo(Future.class)
                                && !access.getTargetOwner().isAssignableTo(FutureTask.class)))
                .check(AGENT);
    }

    private static boolean makesThread(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        if (owner.equals(CompletableFuture.class.getName())) {
            // Without an executor, on the pool that the whole JVM shares.
            return WITH_A_TIMER_OF_THE_JDK.contains(name)
                    || name.endsWith("Async")
                            && ((CodeUnitAccessTarget) access.getTarget())
                                    .getRawParameterTypes().stream()
                                            .noneMatch(type -> type.getName().equals(Executor.class.getName()));
        }
        return owner.equals(Executors.class.getName())
                || name.equals("startVirtualThread")
                || name.equals("<init>") && HAVE_THREADS.contains(owner);
    }
}
