namespace Ci.EdgeAgent.Tests;

/// <summary>Tests that measure the process they run in: nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
