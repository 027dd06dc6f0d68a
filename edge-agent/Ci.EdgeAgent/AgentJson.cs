using System.Text.Json.Serialization;
using Ci.EdgeAgent.Isolation;
using Ci.EdgeAgent.Commands;
using Ci.EdgeAgent.Doctor;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeviceState))]
[JsonSerializable(typeof(CurrentPointer))]
[JsonSerializable(typeof(WriteCount))]
[JsonSerializable(typeof(ImportNote))]
[JsonSerializable(typeof(AgentStatus))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(CommandAnswer))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(ShownConfiguration))]
[JsonSerializable(typeof(ChildHello))]
internal sealed partial class AgentJson : JsonSerializerContext;
