package vivarium.properties.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.x.discovery.ServiceCache;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.curator.x.discovery.ServiceProvider;
import org.apache.curator.x.discovery.strategies.RoundRobinStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.RunningServer;

/** Service discovery by curator-x-discovery. */
class DiscoveryTest {

    static {
        // one-shot watches instead of the persistent recursive ones of newer caches
        System.setProperty("curator-cache-bridge-force-tree-cache", "true");
    }

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    void aRegisteredInstanceIsFoundUntilItIsWithdrawn() throws Exception {
        String path = server.freshPath();
        ServiceDiscovery<Void> registry = discovery(server.curator(path));
        ServiceDiscovery<Void> asking = discovery(server.curator(path));
        ServiceInstance<Void> instance = instance(8080);

        registry.registerService(instance);
        assertEquals(Set.of("shop"), Set.copyOf(asking.queryForNames()));
        assertEquals(Set.of(8080), ports(asking.queryForInstances("shop")));
        ServiceInstance<Void> found = asking.queryForInstance("shop", instance.getId());
        assertEquals("10.0.0.1", found.getAddress());

        registry.unregisterService(instance);
        assertEquals(Set.of(), ports(asking.queryForInstances("shop")));
    }

    @Test
    void aCacheFollowsWhoComesAndGoes() throws Exception {
        String path = server.freshPath();
        ServiceDiscovery<Void> asking = discovery(server.curator(path));
        try (ServiceCache<Void> cache = asking.serviceCacheBuilder().name("shop").build()) {
            cache.start();
            CuratorFramework firstClient = server.curator(path);
            started(firstClient).registerService(instance(1));
            discovery(server.curator(path)).registerService(instance(2));
            Await.until("both are known", () -> ports(cache.getInstances()).equals(Set.of(1, 2)));

            firstClient.close();
            Await.until("one is left", () -> ports(cache.getInstances()).equals(Set.of(2)));
        }
    }

    @Test
    void aProviderHandsOutEachInstanceInTurn() throws Exception {
        String path = server.freshPath();
        ServiceDiscovery<Void> registry = discovery(server.curator(path));
        registry.registerService(instance(1));
        registry.registerService(instance(2));
        try (ServiceProvider<Void> provider =
                discovery(server.curator(path))
                        .serviceProviderBuilder()
                        .serviceName("shop")
                        .providerStrategy(new RoundRobinStrategy<>())
                        .build()) {
            provider.start();
            Await.until("both are known", () -> provider.getAllInstances().size() == 2);
            ServiceInstance<Void> one = provider.getInstance();
            ServiceInstance<Void> other = provider.getInstance();
            assertNotNull(one);
            assertNotNull(other);
            assertEquals(Set.of(1, 2), Set.of(one.getPort(), other.getPort()));
        }
    }

    @Test
    void nobodyIsFoundUnderANameThatNobodyRegistered() throws Exception {
        ServiceDiscovery<Void> asking = discovery(server.curator(server.freshPath()));
        assertEquals(Set.of(), ports(asking.queryForInstances("shop")));
        assertNull(asking.queryForInstance("shop", "nobody"));
    }

    private static ServiceDiscovery<Void> discovery(CuratorFramework curator) throws Exception {
        return server.closing(started(curator));
    }

    private static ServiceDiscovery<Void> started(CuratorFramework curator) throws Exception {
        ServiceDiscovery<Void> discovery =
                ServiceDiscoveryBuilder.builder(Void.class)
                        .client(curator)
                        .basePath("/services")
                        .build();
        discovery.start();
        return discovery;
    }

    private static ServiceInstance<Void> instance(int port) throws Exception {
        return ServiceInstance.<Void>builder().name("shop").address("10.0.0.1").port(port).build();
    }

    private static Set<Integer> ports(Collection<ServiceInstance<Void>> instances) {
        return instances.stream().map(ServiceInstance::getPort).collect(Collectors.toSet());
    }
}
