package vae.search;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import vae.metagraph.MetaGraphException;
import vae.metagraph.NodeGraph;
import vae.search.GenerativeModel.Kind;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * What a model encodes images to: an autoencoder's code; of a VAE the mean and the log-variance of
 * the posterior, each a row an image, or the mean alone.
 */
final class EncodedCodes {
  private final NodeGraph old;
  private final GraphAdditions added;
  private final GenerativeModel model;
  private final DataType type;
  private final long latent;
  private final Optional<SampledPosterior> posterior;

  EncodedCodes(NodeGraph old, GraphAdditions added, GenerativeModel model, DataType type) {
    this.old = old;
    this.added = added;
    this.model = model;
    this.type = type;
    this.latent = old.rowSize(model.code());
    this.posterior =
        SampledPosterior.of(old, model.code(), model.noise()).filter(each -> isOfRows(each.mean()));
  }

  /** What the graph makes σ of; nothing where that can't be read. */
  Optional<SampledPosterior.Kind> scale() {
    return posterior.filter(each -> isOfRows(each.source())).map(SampledPosterior::kind);
  }

  /** Whether a tensor has a row of z's size for each image. */
  private boolean isOfRows(TensorName tensor) {
    return old.rowSize(tensor) == latent
        && !old.isConstant(tensor)
        && old.ancestors(List.of(tensor.op())).contains(model.image().orElseThrow().op());
  }

  /** By name: {@code code}; {@code z_mean}, and {@code z_std} where it is known. */
  Map<String, TensorName> outputs() throws MetaGraphException {
    Map<String, TensorName> codes = new LinkedHashMap<>();
    if (model.kind() == Kind.AUTOENCODER) {
      codes.put(Tf1Names.CODE, flat(Tf1Names.CODE, model.code()));
    } else if (posterior.isEmpty()) {
      codes.put(Tf1Names.Z_MEAN, flat(Tf1Names.Z_MEAN, withoutNoise()));
    } else {
      codes.put(Tf1Names.Z_MEAN, flat(Tf1Names.Z_MEAN, posterior.get().mean()));
      if (isOfRows(posterior.get().source())) {
        codes.put(Tf1Names.Z_STD, flat(Tf1Names.Z_STD, logVariance(posterior.get())));
      }
    }
    return codes;
  }

  /** A sampler of another kind gives its middle where its noise is 0. */
  private TensorName withoutNoise() throws MetaGraphException {
    Map<TensorName, TensorName> instead = new HashMap<>();
    Set<String> ops = new LinkedHashSet<>();
    for (String op : model.noise()) {
      var drawn = new TensorName(op, 0);
      DataType drawnAs = old.dataType(drawn).orElse(type);
      instead.put(drawn, added.op("no_noise", "ZerosLike", drawnAs, drawn));
      ops.addAll(old.between(op, model.code().op()));
    }
    return added.copy(ops, instead, model.code(), Tf1Names.Z_MEAN + "_of_zero_noise");
  }

  /** A matrix, a row an image. */
  private TensorName flat(String name, TensorName tensor) {
    return old.row(tensor).length == 1 || old.shape(tensor).isEmpty()
        ? tensor
        : added.reshape(name, type, tensor, name + "_shape", latent);
  }

  /** Log σ², by ops of its own unless the old graph has it. */
  private TensorName logVariance(SampledPosterior posterior) {
    TensorName source = posterior.source();
    String name = Tf1Names.Z_STD;
    return switch (posterior.kind()) {
      case VARIANCE -> added.op(name, "Log", type, source);
      case SCALE ->
          added.op(name, "Log", type, added.op(name + "_variance", "Square", type, source));
      case LOGARITHM ->
          posterior.factor() == 1
              ? source
              : added.op(
                  name,
                  "Mul",
                  type,
                  source,
                  added.number(name + "_factor", type, posterior.factor()));
    };
  }
}
