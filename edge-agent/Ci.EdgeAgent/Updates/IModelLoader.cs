using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Updates;

/// <summary>Makes instances of models: in this process, or each in one of its own.</summary>
internal interface IModelLoader
{
    /// <summary>The runtime's version, such as <c>1.30.0</c>.</summary>
    string RuntimeVersion { get; }

    /// <summary>Loading is another process's work, and a process started by a quiet thread would be quiet for ever.</summary>
    bool LoadsElsewhere => false;

    /// <summary>Loads a model file; <see cref="OnnxException"/> with the runtime's own text.</summary>
    IModelInstance Load(string path);

    /// <summary>Loads a model whose weights lie in other files, which stay where they are.</summary>
    IModelInstance Load(string path, ExternalFiles files) => throw new OnnxException("its weights lie in other files, and this loader takes one file");
}
