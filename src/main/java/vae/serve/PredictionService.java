package vae.serve;

import com.google.protobuf.Any;
import com.google.protobuf.Int64Value;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tensorflow.proto.TensorProto;
import vae.functions.ModelSignature;
import vae.serve.Predictor.Offer;
import vae.serve.Predictor.Prediction;
import vae.serve.ServingException.Code;
import vae.serve.proto.ClassificationRequest;
import vae.serve.proto.ClassificationResponse;
import vae.serve.proto.GetModelMetadataRequest;
import vae.serve.proto.GetModelMetadataResponse;
import vae.serve.proto.InferenceTask;
import vae.serve.proto.ModelSpec;
import vae.serve.proto.MultiInferenceRequest;
import vae.serve.proto.MultiInferenceResponse;
import vae.serve.proto.PredictRequest;
import vae.serve.proto.PredictResponse;
import vae.serve.proto.PredictionServiceGrpc.PredictionServiceImplBase;
import vae.serve.proto.RegressionRequest;
import vae.serve.proto.RegressionResponse;
import vae.serve.proto.SignatureDefMap;
import vae.tensor.Values;

/**
 * TensorFlow Serving's {@code PredictionService} for one model, answered and refused as its server
 * does.
 */
final class PredictionService extends PredictionServiceImplBase {
  /** Whether a call wants its answer's numbers as bytes, {@code tensor_content}. */
  static final Context.Key<Boolean> IN_BYTES = Context.keyWithDefault("in bytes", false);

  private static final String SIGNATURES = "signature_def";
  private static final String METHOD = "tensorflow/serving/";

  private final ServedModel served;
  private final GrpcCalls calls;

  PredictionService(ServedModel served) {
    this.served = served;
    this.calls = new GrpcCalls(served.metrics());
  }

  @Override
  public void predict(PredictRequest request, StreamObserver<PredictResponse> observer) {
    calls.answer("Predict", observer, caller -> predicted(request, caller));
  }

  @Override
  public void getModelMetadata(
      GetModelMetadataRequest request, StreamObserver<GetModelMetadataResponse> observer) {
    calls.answer("GetModelMetadata", observer, caller -> metadata(request));
  }

  @Override
  public void classify(
      ClassificationRequest request, StreamObserver<ClassificationResponse> observer) {
    calls.answer(
        "Classify",
        observer,
        caller -> {
          throw refused(GrpcCalls.named(request.hasModelSpec(), request.getModelSpec()), true);
        });
  }

  @Override
  public void regress(RegressionRequest request, StreamObserver<RegressionResponse> observer) {
    calls.answer(
        "Regress",
        observer,
        caller -> {
          throw refused(GrpcCalls.named(request.hasModelSpec(), request.getModelSpec()), false);
        });
  }

  @Override
  public void multiInference(
      MultiInferenceRequest request, StreamObserver<MultiInferenceResponse> observer) {
    calls.answer(
        "MultiInference",
        observer,
        caller -> {
          throw refused(request.getTasksList());
        });
  }

  private PredictResponse predicted(PredictRequest request, Caller caller) throws ServingException {
    ModelSpec spec = GrpcCalls.named(request.hasModelSpec(), request.getModelSpec());
    OptionalLong version = GrpcCalls.version(spec);
    return served.of(
        spec.getName(),
        version,
        () -> {
          Offer offer = served.predictor().offer(version);
          String key = key(spec);
          if (!offer.signatures().containsKey(key)) {
            throw new ServingException(
                Code.FAILED_PRECONDITION, "Serving signature key \"%s\" not found.".formatted(key));
          }
          ModelSignature signature = Signatures.of(offer.signatures(), key);
          List<String> outputs = outputs(request, signature);
          Prediction prediction =
              served.predictor().predict(version, key, inputs(request, signature), caller);
          PredictResponse.Builder response =
              PredictResponse.newBuilder()
                  .setModelSpec(spec(prediction.version()).setSignatureName(key));
          for (String name : outputs) {
            Values values = Objects.requireNonNull(prediction.outputs().get(name));
            response.putOutputs(name, ProtoTensor.write(values, IN_BYTES.get()));
          }
          return response.build();
        });
  }

  private static SortedMap<String, Values> inputs(PredictRequest request, ModelSignature signature)
      throws ServingException {
    Set<String> found = new TreeSet<>(request.getInputsMap().keySet());
    Set<String> expected = signature.inputs().keySet();
    if (!found.equals(expected)) {
      throw ServingException.invalid(
          "input size does not match signature: %d!=%d len({%s}) != len({%s}). Sent extra: {%s}. Missing but required: {%s}."
              .formatted(
                  found.size(),
                  expected.size(),
                  String.join(",", found),
                  String.join(",", expected),
                  String.join(",", without(found, expected)),
                  String.join(",", without(expected, found))));
    }
    SortedMap<String, Values> inputs = new TreeMap<>();
    for (Map.Entry<String, TensorProto> input : request.getInputsMap().entrySet()) {
      inputs.put(input.getKey(), ProtoTensor.read(input.getKey(), input.getValue()));
    }
    return inputs;
  }

  private static Set<String> without(Set<String> all, Set<String> others) {
    Set<String> left = new TreeSet<>(all);
    left.removeAll(others);
    return left;
  }

  private static List<String> outputs(PredictRequest request, ModelSignature signature)
      throws ServingException {
    Set<String> seen = new HashSet<>();
    for (String name : request.getOutputFilterList()) {
      if (!signature.outputs().containsKey(name)) {
        throw ServingException.invalid(
            "output tensor alias not found in signature: %s Outputs expected to be in the set {%s}."
                .formatted(name, String.join(",", signature.outputs().keySet())));
      }
      if (!seen.add(name)) {
        throw ServingException.invalid("duplicate output tensor alias: " + name);
      }
    }
    return seen.isEmpty()
        ? List.copyOf(signature.outputs().keySet())
        : List.copyOf(request.getOutputFilterList());
  }

  private GetModelMetadataResponse metadata(GetModelMetadataRequest request)
      throws ServingException {
    if (!request.hasModelSpec()) {
      throw ServingException.invalid("Missing ModelSpec");
    }
    if (request.getMetadataFieldCount() == 0) {
      throw ServingException.invalid(
          "GetModelMetadataRequest must specify at least one metadata_field");
    }
    for (String field : request.getMetadataFieldList()) {
      if (!field.equals(SIGNATURES)) {
        throw ServingException.invalid("Metadata field %s is not supported".formatted(field));
      }
    }
    ModelSpec spec = GrpcCalls.named(true, request.getModelSpec());
    Offer offer = served.offer(spec.getName(), GrpcCalls.version(spec));
    SignatureDefMap.Builder signatures = SignatureDefMap.newBuilder();
    offer
        .signatures()
        .forEach((key, signature) -> signatures.putSignatureDef(key, signature.definition()));
    return GetModelMetadataResponse.newBuilder()
        .setModelSpec(spec(offer.version()))
        .putMetadata(SIGNATURES, Any.pack(signatures.build()))
        .build();
  }

  private ServingException refused(ModelSpec spec, boolean classifies) throws ServingException {
    String method = signature(spec, "No signature was found with the name: ").method();
    return ServedModel.takesNoExamples(classifies, method);
  }

  /** The first thing that is wrong with some tasks. */
  private ServingException refused(List<InferenceTask> tasks) throws ServingException {
    InferenceTask first = tasks.isEmpty() ? InferenceTask.getDefaultInstance() : tasks.get(0);
    ModelSpec spec = GrpcCalls.named(true, first.getModelSpec());
    ModelSignature signature = signature(spec, "Requested signature not found in model graph: ");
    boolean classifies = first.getMethodName().equals(METHOD + "classify");
    return classifies || first.getMethodName().equals(METHOD + "regress")
        ? ServedModel.takesNoExamples(classifies, signature.method())
        : new ServingException(
            Code.UNIMPLEMENTED, "Unsupported signature method_name: " + first.getMethodName());
  }

  private ModelSignature signature(ModelSpec spec, String unknown) throws ServingException {
    Offer offer = served.offer(spec.getName(), GrpcCalls.version(spec));
    ModelSignature signature = offer.signatures().get(key(spec));
    if (signature == null) {
      throw ServingException.invalid(unknown + key(spec));
    }
    return signature;
  }

  private static String key(ModelSpec spec) {
    return spec.getSignatureName().isEmpty() ? Signatures.DEFAULT : spec.getSignatureName();
  }

  private ModelSpec.Builder spec(long version) {
    return ModelSpec.newBuilder().setName(served.name()).setVersion(Int64Value.of(version));
  }
}
