namespace Ci.Onnx;

/// <summary>ONNX Runtime's own classification of an error.</summary>
public enum OnnxErrorCode
{
    Ok,
    Fail,
    InvalidArgument,
    NoSuchFile,
    NoModel,
    EngineError,
    RuntimeException,
    InvalidProtobuf,
    ModelLoaded,
    NotImplemented,
    InvalidGraph,
    ExecutionProviderFail,
    ModelLoadCanceled,
    ModelRequiresCompilation,
    NotFound,
}
