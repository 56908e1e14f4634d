package vae.serve;

import io.grpc.stub.StreamObserver;
import org.tensorflow.proto.error.Code;
import vae.serve.Predictor.VersionState;
import vae.serve.proto.GetModelStatusRequest;
import vae.serve.proto.GetModelStatusResponse;
import vae.serve.proto.ModelServiceGrpc.ModelServiceImplBase;
import vae.serve.proto.ModelSpec;
import vae.serve.proto.ModelVersionStatus;
import vae.serve.proto.StatusProto;

/** TensorFlow Serving's {@code ModelService} for one model: how its versions stand. */
final class ModelStatusService extends ModelServiceImplBase {
  private final ServedModel served;
  private final GrpcCalls calls;

  ModelStatusService(ServedModel served) {
    this.served = served;
    this.calls = new GrpcCalls(served.metrics());
  }

  @Override
  public void getModelStatus(
      GetModelStatusRequest request, StreamObserver<GetModelStatusResponse> observer) {
    calls.answer("GetModelStatus", observer, caller -> status(request));
  }

  private GetModelStatusResponse status(GetModelStatusRequest request) throws ServingException {
    if (!request.hasModelSpec()) {
      throw ServingException.invalid("Missing ModelSpec");
    }
    ModelSpec spec = request.getModelSpec();
    GetModelStatusResponse.Builder response = GetModelStatusResponse.newBuilder();
    served
        .states(spec.getName(), GrpcCalls.version(spec))
        .forEach((version, state) -> response.addModelVersionStatus(status(version, state)));
    return response.build();
  }

  private static ModelVersionStatus status(long version, VersionState state) {
    return ModelVersionStatus.newBuilder()
        .setVersion(version)
        .setState(ModelVersionStatus.State.valueOf(state.state()))
        .setStatus(
            StatusProto.newBuilder()
                .setErrorCode(Code.valueOf(state.code()))
                .setErrorMessage(state.message()))
        .build();
  }
}
