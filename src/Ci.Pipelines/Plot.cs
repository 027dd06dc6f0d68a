namespace Ci.Pipelines;

/// <summary>A figure that <c>dvc.yaml</c> asks for.</summary>
/// <param name="Name">Its file, or the name it was given.</param>
/// <param name="Series">The lines in it.</param>
public sealed record Plot(string Name, IReadOnlyList<PlotSeries> Series)
{
    /// <summary>Title, template and labels of the axes as written: <c>title</c>, <c>template</c>, <c>x_label</c>, <c>y_label</c>, <c>header</c>.</summary>
    public IReadOnlyDictionary<string, string> Looks { get; init; } = new Dictionary<string, string>();
}
