namespace Ci.Reporting;

/// <summary>A numbered section; <see cref="Id"/> is its anchor.</summary>
internal sealed record CardSection(int Number, string Id, string Title, IReadOnlyList<CardBlock> Blocks);
