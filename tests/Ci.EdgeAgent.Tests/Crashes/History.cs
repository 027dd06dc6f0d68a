namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>One thing that happens to a device, and what must come of it.</summary>
internal sealed record Happening(string Name, Action<World> Publish)
{
    /// <summary>What is refused; null where the device ends in sync.</summary>
    public string? Refused { get; init; }

    /// <summary>Before the update the connection breaks after so many bytes.</summary>
    public long? CutAfter { get; init; }

    /// <summary>An operator holds updates while the channel changes, and lets them go on.</summary>
    public bool Pauses { get; init; }

    /// <summary>The agent is stopped in good order and started again, before.</summary>
    public bool Restarts { get; init; }
}

internal static class History
{
    /// <summary>Everything that a device meets in its life, once.</summary>
    public static IReadOnlyList<Happening> Whole { get; } =
    [
        Update("good-1"),
        Update("good-2"),
        Update("bad") with { Refused = "bad" },
        Update("good-3") with { CutAfter = 3000 },
        Update("sour") with { Refused = "sour" },
        Update("good-4") with { Restarts = true },
        new("pin good-2", world => world.Publish("good-4", pinnedTo: "good-2")),
        Update("good-5") with { Pauses = true },
        Update("good-4"),
    ];

    public static Happening Update(string version) => new($"update to {version}", world => world.Publish(version));

    /// <summary>Another life each time.</summary>
    public static IReadOnlyList<Happening> Random(Random random) => [.. Enumerable.Range(0, 2 + random.Next(4)).Select(i => Any(random, i == 0))];

    private static Happening Any(Random random, bool first)
    {
        var good = $"good-{1 + random.Next(Catalogue.Good)}";
        var happening = random.Next(8) switch
        {
            0 => Update("bad") with { Refused = "bad" },
            1 => Update("sour") with { Refused = "sour" },
            2 when !first => new Happening($"pin {good}", world => world.Publish("good-1", pinnedTo: good)),
            _ => Update(good),
        };
        return happening with
        {
            CutAfter = random.Next(3) == 0 ? random.Next(8000) : null,
            Pauses = random.Next(6) == 0,
            Restarts = random.Next(6) == 0,
        };
    }
}
