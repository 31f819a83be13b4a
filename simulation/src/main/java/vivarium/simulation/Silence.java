package vivarium.simulation;

/**
 * A client keeps some of its ideas to itself: it thinks of them, so that all it thinks of later is
 * the same, and asks nobody.
 *
 * @param client from 0 on
 * @param first the first of those ideas, from 0 on
 * @param last the last of them
 */
public record Silence(long client, long first, long last) {}
