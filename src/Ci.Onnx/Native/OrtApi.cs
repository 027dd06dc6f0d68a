using System.Runtime.InteropServices;

namespace Ci.Onnx.Native;

/// <summary>
/// ONNX Runtime's table of functions. The order is fixed by the public header <c>onnxruntime_c_api.h</c> and only ever grows at
/// the end, so an index, once right, stays right. Version 12 (ONNX Runtime 1.12, July 2022) is the oldest that has every function
/// used here; every later release serves it too.
/// </summary>
internal sealed unsafe class OrtApi(nint* table)
{
    /// <summary>What is asked of <c>OrtApiBase.GetApi</c>.</summary>
    public const uint Version = 12;

    private readonly nint* table = table;

    // Status
    public delegate* unmanaged[Cdecl]<nint, int> GetErrorCode => (delegate* unmanaged[Cdecl]<nint, int>)this.table[1];

    public delegate* unmanaged[Cdecl]<nint, nint> GetErrorMessage => (delegate* unmanaged[Cdecl]<nint, nint>)this.table[2];

    // Sessions

    public delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint, nint*, nint> CreateSessionFromArray => (delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint, nint*, nint>)this.table[8];

    public delegate* unmanaged[Cdecl]<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint> Run => (delegate* unmanaged[Cdecl]<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)this.table[9];

    public delegate* unmanaged[Cdecl]<nint, nuint*, nint> SessionGetInputCount => (delegate* unmanaged[Cdecl]<nint, nuint*, nint>)this.table[30];

    public delegate* unmanaged[Cdecl]<nint, nuint*, nint> SessionGetOutputCount => (delegate* unmanaged[Cdecl]<nint, nuint*, nint>)this.table[31];

    public delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint> SessionGetInputTypeInfo => (delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)this.table[33];

    public delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint> SessionGetOutputTypeInfo => (delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)this.table[34];

    public delegate* unmanaged[Cdecl]<nint, nuint, nint, nint*, nint> SessionGetInputName => (delegate* unmanaged[Cdecl]<nint, nuint, nint, nint*, nint>)this.table[36];

    public delegate* unmanaged[Cdecl]<nint, nuint, nint, nint*, nint> SessionGetOutputName => (delegate* unmanaged[Cdecl]<nint, nuint, nint, nint*, nint>)this.table[37];

    // Session options
    public delegate* unmanaged[Cdecl]<nint*, nint> CreateSessionOptions => (delegate* unmanaged[Cdecl]<nint*, nint>)this.table[10];

    public delegate* unmanaged[Cdecl]<nint, int, nint> SetSessionExecutionMode => (delegate* unmanaged[Cdecl]<nint, int, nint>)this.table[13];

    public delegate* unmanaged[Cdecl]<nint, nint> DisableMemPattern => (delegate* unmanaged[Cdecl]<nint, nint>)this.table[17];

    public delegate* unmanaged[Cdecl]<nint, nint> DisableCpuMemArena => (delegate* unmanaged[Cdecl]<nint, nint>)this.table[19];

    public delegate* unmanaged[Cdecl]<nint, int, nint> SetSessionGraphOptimizationLevel => (delegate* unmanaged[Cdecl]<nint, int, nint>)this.table[23];

    public delegate* unmanaged[Cdecl]<nint, int, nint> SetIntraOpNumThreads => (delegate* unmanaged[Cdecl]<nint, int, nint>)this.table[24];

    public delegate* unmanaged[Cdecl]<nint, int, nint> SetInterOpNumThreads => (delegate* unmanaged[Cdecl]<nint, int, nint>)this.table[25];

    public delegate* unmanaged[Cdecl]<nint, nint> DisablePerSessionThreads => (delegate* unmanaged[Cdecl]<nint, nint>)this.table[120];

    public delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint> AddSessionConfigEntry => (delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint>)this.table[130];

    // Execution providers
    public delegate* unmanaged[Cdecl]<nint*, int*, nint> GetAvailableProviders => (delegate* unmanaged[Cdecl]<nint*, int*, nint>)this.table[125];

    public delegate* unmanaged[Cdecl]<nint, int, nint> ReleaseAvailableProviders => (delegate* unmanaged[Cdecl]<nint, int, nint>)this.table[126];

    public delegate* unmanaged[Cdecl]<nint, nint, nint> AppendTensorRt => (delegate* unmanaged[Cdecl]<nint, nint, nint>)this.table[170];

    public delegate* unmanaged[Cdecl]<nint*, nint> CreateTensorRtOptions => (delegate* unmanaged[Cdecl]<nint*, nint>)this.table[171];

    public delegate* unmanaged[Cdecl]<nint, nint*, nint*, nuint, nint> UpdateTensorRtOptions => (delegate* unmanaged[Cdecl]<nint, nint*, nint*, nuint, nint>)this.table[172];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseTensorRtOptions => (delegate* unmanaged[Cdecl]<nint, void>)this.table[174];

    public delegate* unmanaged[Cdecl]<nint, nint, nint> AppendCuda => (delegate* unmanaged[Cdecl]<nint, nint, nint>)this.table[204];

    public delegate* unmanaged[Cdecl]<nint*, nint> CreateCudaOptions => (delegate* unmanaged[Cdecl]<nint*, nint>)this.table[205];

    public delegate* unmanaged[Cdecl]<nint, nint*, nint*, nuint, nint> UpdateCudaOptions => (delegate* unmanaged[Cdecl]<nint, nint*, nint*, nuint, nint>)this.table[206];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseCudaOptions => (delegate* unmanaged[Cdecl]<nint, void>)this.table[208];

    public delegate* unmanaged[Cdecl]<nint, byte*, nint*, nint*, nuint, nint> AppendProvider => (delegate* unmanaged[Cdecl]<nint, byte*, nint*, nint*, nuint, nint>)this.table[216];

    // Run options
    public delegate* unmanaged[Cdecl]<nint*, nint> CreateRunOptions => (delegate* unmanaged[Cdecl]<nint*, nint>)this.table[39];

    public delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint> AddRunConfigEntry => (delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint>)this.table[165];

    /// <summary>Every run with these options fails between two operators, from now on until <see cref="UnsetTerminate"/>.</summary>
    public delegate* unmanaged[Cdecl]<nint, nint> SetTerminate => (delegate* unmanaged[Cdecl]<nint, nint>)this.table[46];

    public delegate* unmanaged[Cdecl]<nint, nint> UnsetTerminate => (delegate* unmanaged[Cdecl]<nint, nint>)this.table[47];

    // Values
    public delegate* unmanaged[Cdecl]<nint, long*, nuint, int, nint*, nint> CreateTensor => (delegate* unmanaged[Cdecl]<nint, long*, nuint, int, nint*, nint>)this.table[48];

    public delegate* unmanaged[Cdecl]<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensorWithData => (delegate* unmanaged[Cdecl]<nint, void*, nuint, long*, nuint, int, nint*, nint>)this.table[49];

    public delegate* unmanaged[Cdecl]<nint, void**, nint> GetTensorMutableData => (delegate* unmanaged[Cdecl]<nint, void**, nint>)this.table[51];

    public delegate* unmanaged[Cdecl]<nint, nint*, nuint, nint> FillStringTensor => (delegate* unmanaged[Cdecl]<nint, nint*, nuint, nint>)this.table[52];

    public delegate* unmanaged[Cdecl]<nint, nuint*, nint> GetStringTensorDataLength => (delegate* unmanaged[Cdecl]<nint, nuint*, nint>)this.table[53];

    public delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, nuint, nint> GetStringTensorContent => (delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, nuint, nint>)this.table[54];

    public delegate* unmanaged[Cdecl]<nint, nint*, nint> GetTensorTypeAndShape => (delegate* unmanaged[Cdecl]<nint, nint*, nint>)this.table[65];

    public delegate* unmanaged[Cdecl]<nint, int*, nint> GetValueType => (delegate* unmanaged[Cdecl]<nint, int*, nint>)this.table[67];

    public delegate* unmanaged[Cdecl]<nint, int, nint, nint*, nint> GetValue => (delegate* unmanaged[Cdecl]<nint, int, nint, nint*, nint>)this.table[80];

    public delegate* unmanaged[Cdecl]<nint, nuint*, nint> GetValueCount => (delegate* unmanaged[Cdecl]<nint, nuint*, nint>)this.table[81];

    // Types
    public delegate* unmanaged[Cdecl]<nint, nint*, nint> CastTypeInfoToTensorInfo => (delegate* unmanaged[Cdecl]<nint, nint*, nint>)this.table[55];

    public delegate* unmanaged[Cdecl]<nint, int*, nint> GetOnnxTypeFromTypeInfo => (delegate* unmanaged[Cdecl]<nint, int*, nint>)this.table[56];

    public delegate* unmanaged[Cdecl]<nint, int*, nint> GetTensorElementType => (delegate* unmanaged[Cdecl]<nint, int*, nint>)this.table[60];

    public delegate* unmanaged[Cdecl]<nint, nuint*, nint> GetDimensionsCount => (delegate* unmanaged[Cdecl]<nint, nuint*, nint>)this.table[61];

    public delegate* unmanaged[Cdecl]<nint, long*, nuint, nint> GetDimensions => (delegate* unmanaged[Cdecl]<nint, long*, nuint, nint>)this.table[62];

    public delegate* unmanaged[Cdecl]<nint, nint*, nuint, nint> GetSymbolicDimensions => (delegate* unmanaged[Cdecl]<nint, nint*, nuint, nint>)this.table[63];

    public delegate* unmanaged[Cdecl]<nint, nuint*, nint> GetTensorShapeElementCount => (delegate* unmanaged[Cdecl]<nint, nuint*, nint>)this.table[64];

    // Memory
    public delegate* unmanaged[Cdecl]<int, int, nint*, nint> CreateCpuMemoryInfo => (delegate* unmanaged[Cdecl]<int, int, nint*, nint>)this.table[69];

    public delegate* unmanaged[Cdecl]<nint, nint, nint> AllocatorFree => (delegate* unmanaged[Cdecl]<nint, nint, nint>)this.table[76];

    public delegate* unmanaged[Cdecl]<nint*, nint> GetAllocatorWithDefaultOptions => (delegate* unmanaged[Cdecl]<nint*, nint>)this.table[78];

    // Releases
    public delegate* unmanaged[Cdecl]<nint, void> ReleaseStatus => (delegate* unmanaged[Cdecl]<nint, void>)this.table[93];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseSession => (delegate* unmanaged[Cdecl]<nint, void>)this.table[95];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseValue => (delegate* unmanaged[Cdecl]<nint, void>)this.table[96];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseRunOptions => (delegate* unmanaged[Cdecl]<nint, void>)this.table[97];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseTypeInfo => (delegate* unmanaged[Cdecl]<nint, void>)this.table[98];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseTensorTypeAndShapeInfo => (delegate* unmanaged[Cdecl]<nint, void>)this.table[99];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseSessionOptions => (delegate* unmanaged[Cdecl]<nint, void>)this.table[100];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseModelMetadata => (delegate* unmanaged[Cdecl]<nint, void>)this.table[118];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseThreadingOptions => (delegate* unmanaged[Cdecl]<nint, void>)this.table[122];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseIoBinding => (delegate* unmanaged[Cdecl]<nint, void>)this.table[135];

    // Model metadata
    public delegate* unmanaged[Cdecl]<nint, nint*, nint> SessionGetModelMetadata => (delegate* unmanaged[Cdecl]<nint, nint*, nint>)this.table[111];

    public delegate* unmanaged[Cdecl]<nint, nint, nint*, nint> ModelMetadataGetProducerName => (delegate* unmanaged[Cdecl]<nint, nint, nint*, nint>)this.table[112];

    public delegate* unmanaged[Cdecl]<nint, nint, nint*, nint> ModelMetadataGetGraphName => (delegate* unmanaged[Cdecl]<nint, nint, nint*, nint>)this.table[113];

    public delegate* unmanaged[Cdecl]<nint, nint, nint*, nint> ModelMetadataGetDomain => (delegate* unmanaged[Cdecl]<nint, nint, nint*, nint>)this.table[114];

    public delegate* unmanaged[Cdecl]<nint, nint, nint*, nint> ModelMetadataGetDescription => (delegate* unmanaged[Cdecl]<nint, nint, nint*, nint>)this.table[115];

    public delegate* unmanaged[Cdecl]<nint, nint, byte*, nint*, nint> ModelMetadataLookup => (delegate* unmanaged[Cdecl]<nint, nint, byte*, nint*, nint>)this.table[116];

    public delegate* unmanaged[Cdecl]<nint, long*, nint> ModelMetadataGetVersion => (delegate* unmanaged[Cdecl]<nint, long*, nint>)this.table[117];

    public delegate* unmanaged[Cdecl]<nint, nint, nint*, long*, nint> ModelMetadataGetKeys => (delegate* unmanaged[Cdecl]<nint, nint, nint*, long*, nint>)this.table[123];

    // Environment and its thread pool
    public delegate* unmanaged[Cdecl]<nint, nint> DisableTelemetryEvents => (delegate* unmanaged[Cdecl]<nint, nint>)this.table[6];

    public delegate* unmanaged[Cdecl]<nint*, nint> CreateThreadingOptions => (delegate* unmanaged[Cdecl]<nint*, nint>)this.table[121];

    public delegate* unmanaged[Cdecl]<nint, int, nint> SetGlobalIntraOpNumThreads => (delegate* unmanaged[Cdecl]<nint, int, nint>)this.table[147];

    public delegate* unmanaged[Cdecl]<nint, int, nint> SetGlobalInterOpNumThreads => (delegate* unmanaged[Cdecl]<nint, int, nint>)this.table[148];

    public delegate* unmanaged[Cdecl]<nint, int, nint> SetGlobalSpinControl => (delegate* unmanaged[Cdecl]<nint, int, nint>)this.table[149];

    public delegate* unmanaged[Cdecl]<nint, nint, int, byte*, nint, nint*, nint> CreateEnvironment => (delegate* unmanaged[Cdecl]<nint, nint, int, byte*, nint, nint*, nint>)this.table[151];

    // Bindings
    public delegate* unmanaged[Cdecl]<nint, nint, nint, nint> RunWithBinding => (delegate* unmanaged[Cdecl]<nint, nint, nint, nint>)this.table[133];

    public delegate* unmanaged[Cdecl]<nint, nint*, nint> CreateIoBinding => (delegate* unmanaged[Cdecl]<nint, nint*, nint>)this.table[134];

    public delegate* unmanaged[Cdecl]<nint, byte*, nint, nint> BindInput => (delegate* unmanaged[Cdecl]<nint, byte*, nint, nint>)this.table[136];

    public delegate* unmanaged[Cdecl]<nint, byte*, nint, nint> BindOutput => (delegate* unmanaged[Cdecl]<nint, byte*, nint, nint>)this.table[137];

    public delegate* unmanaged[Cdecl]<nint, void> ClearBoundInputs => (delegate* unmanaged[Cdecl]<nint, void>)this.table[141];

    public delegate* unmanaged[Cdecl]<nint, void> ClearBoundOutputs => (delegate* unmanaged[Cdecl]<nint, void>)this.table[142];

    /// <summary>A null status is success; anything else becomes an exception with ONNX Runtime's own words.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refused.</exception>
    public void Check(nint status, string doing)
    {
        if (status != 0)
            this.Throw(status, doing);
    }

    /// <summary>ONNX Runtime's words for a failed status, which is released; null for success.</summary>
    public string? TakeMessage(nint status)
    {
        if (status == 0)
            return null;
        var text = Marshal.PtrToStringUTF8(this.GetErrorMessage(status)) ?? "no message";
        this.ReleaseStatus(status);
        return text;
    }

    private void Throw(nint status, string doing)
    {
        var code = (OnnxErrorCode)this.GetErrorCode(status);
        throw new OnnxRuntimeException($"{doing}: {this.TakeMessage(status)}", code);
    }
}
