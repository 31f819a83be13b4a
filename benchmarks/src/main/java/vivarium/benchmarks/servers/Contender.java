package vivarium.benchmarks.servers;

/** The servers that are compared. */
public enum Contender {
    APACHE("Apache"),
    VIVARIUM("Vivarium");

    private final String title;

    Contender(String title) {
        this.title = title;
    }

    /** As it stands in tables. */
    public String title() {
        return title;
    }

    /** The other one. */
    public Contender other() {
        return this == APACHE ? VIVARIUM : APACHE;
    }
}
