/** Clients in other languages, where the machine has them: {@code mvn -P clients}. */
@NullMarked
package vivarium.properties.languages;

import org.jspecify.annotations.NullMarked;
