package vae.metagraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The nodes through which every way from some sources to a target goes (Lowry and Medlock, 1969):
 * in a VAE's graph z is the first of them.
 */
final class Dominators {
  private final Function<String, List<String>> next;
  private final Map<String, Integer> placeOnWay = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private int farthest;

  private Dominators(Function<String, List<String>> next) {
    this.next = next;
  }

  /**
   * Finds them in a time that grows with the graph, loops or no; the nearest to the sources first.
   *
   * @param next the nodes that a node leads to, all of which lead to the target
   */
  static List<String> between(
      Set<String> sources, String target, Function<String, List<String>> next) {
    return new Dominators(next).find(sources, target);
  }

  private List<String> find(Set<String> sources, String target) {
    List<String> way = anyWay(sources, target);
    for (int i = 0; i < way.size(); i++) {
      placeOnWay.put(way.get(i), i);
    }
    List<String> gates = new ArrayList<>();
    farthest = 0;
    sources.forEach(this::follow);
    // Whatever has been reached so far by other ways joins this one at the farthest place at last.
    for (int i = 0; i < way.size(); i++) {
      String node = way.get(i);
      if (i >= farthest && !sources.contains(node) && !node.equals(target)) {
        gates.add(node);
      }
      follow(node);
    }
    return gates;
  }

  /** Goes from a node on all ways beside the one, and notes where they come back to it. */
  private void follow(String from) {
    Deque<String> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      for (String node : next.apply(open.remove())) {
        Integer place = placeOnWay.get(node);
        if (place != null) {
          farthest = Math.max(farthest, place);
        } else if (seen.add(node)) {
          open.add(node);
        }
      }
    }
  }

  private List<String> anyWay(Set<String> sources, String target) {
    Map<String, String> cameFrom = new HashMap<>();
    Deque<String> open = new ArrayDeque<>(sources);
    while (!open.isEmpty() && !cameFrom.containsKey(target)) {
      String node = open.remove();
      for (String following : next.apply(node)) {
        if (!sources.contains(following) && cameFrom.putIfAbsent(following, node) == null) {
          open.add(following);
        }
      }
    }
    List<String> way = new ArrayList<>();
    for (String node = target; node != null; node = cameFrom.get(node)) {
      way.add(node);
    }
    Collections.reverse(way);
    return way;
  }
}
