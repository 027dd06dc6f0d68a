using System.Runtime.InteropServices;

namespace Ci.Statistics;

/// <summary>How many values fell into one bucket of a sketch.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SketchCell(int Index, long Count);
