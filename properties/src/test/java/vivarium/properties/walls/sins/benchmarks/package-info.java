@NullMarked
package vivarium.properties.walls.sins.benchmarks;

import org.jspecify.annotations.NullMarked;
