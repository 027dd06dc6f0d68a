using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>One stage that an entry below <c>stages</c> means.</summary>
/// <param name="Name">Its name, with the item's after <c>@</c> where the entry is repeated.</param>
/// <param name="Node">Its description.</param>
/// <param name="Filling">What to fill into it.</param>
internal sealed record StageEntry(string Name, YamlNode Node, Interpolation Filling);
