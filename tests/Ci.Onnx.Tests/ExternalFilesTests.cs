using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.Onnx.Tests;

/// <summary>Weights in other files than the model's own.</summary>
public sealed class ExternalFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlops-external-").FullName;

    public void Dispose() => Directory.Delete(this.folder, recursive: true);

    [Fact]
    public void A_model_that_python_onnx_saved_with_external_data_answers_as_the_whole_one()
    {
        using var whole = OnnxSession.Load(Fixture.Runtime, Fixture.Model("breast-mlp-base"));
        using var parts = OnnxSession.Load(Fixture.Runtime, Fixture.Model("external/breast-mlp-base"));
        OnnxValue[] inputs = [OnnxValue.Of("features", [.. Enumerable.Range(0, 60).Select(i => i * 0.1f)], 2, 30)];
        Assert.Equal(whole.Run(inputs)[0].ToDoubles(), parts.Run(inputs)[0].ToDoubles());
        Assert.Equal(OnnxModelFile.Read(Fixture.Model("breast-mlp-base")).Facts.ParameterCount, OnnxModelFile.Read(Fixture.Model("external/breast-mlp-base")).Facts.ParameterCount);
    }

    [Fact]
    public void Weights_are_found_where_the_caller_keeps_them_whatever_the_model_calls_them()
    {
        var model = this.Write("../../etc/passwd", 5, 6);
        var files = ExternalFiles.At(this.folder, new Dictionary<string, string> { ["../../etc/passwd"] = "ab/abcd" });
        using var session = OnnxSession.Load(Fixture.Runtime, model, files: files);
        Assert.Equal([5f, 6f], session.Run([OnnxValue.Of("x", new float[2], 1, 2)])[0].As<float>().ToArray());
    }

    [Fact]
    public void What_the_caller_does_not_list_is_not_opened_even_if_it_is_there()
    {
        var model = this.Write("ab/abcd", 5, 6);
        var files = ExternalFiles.At(this.folder, new Dictionary<string, string> { ["weights.bin"] = "ab/abcd" });
        Assert.Contains("not inside", Assert.Throws<OnnxModelException>(() => OnnxSession.Load(Fixture.Runtime, model, files: files)).Message);
    }

    [Fact]
    public void A_location_that_stands_twice_is_refused_for_readers_differ_in_which_they_take()
    {
        var model = ModelProto.Parser.ParseFrom(this.Write("ab/abcd", 5, 6));
        model.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "/etc/passwd" });
        Assert.Contains("says twice", Assert.Throws<OnnxModelException>(() => OnnxSession.Load(Fixture.Runtime, model.ToByteArray(), files: ExternalFiles.Beside(this.folder))).Message);
        Assert.Contains("says twice", Assert.Throws<UnsafeModelException>(() => ModelInspection.Of(model.ToByteArray(), "m", new ModelBounds())).Message);
    }

    [Fact]
    public void The_names_of_the_files_may_go_while_the_model_runs()
    {
        var model = this.Write("ab/abcd", 5, 6);
        using var session = OnnxSession.Load(Fixture.Runtime, model, files: ExternalFiles.Beside(this.folder));
        File.Delete(Path.Combine(this.folder, "ab", "abcd"));
        Assert.Equal([5f, 6f], session.Run([OnnxValue.Of("x", new float[2], 1, 2)])[0].As<float>().ToArray());
    }

    /// <summary>Weights that are only read (a table that rows are gathered from) stay in their file and cost no private memory.</summary>
    [Fact]
    public void Weights_are_mapped_and_not_copied()
    {
        if (!OperatingSystem.IsLinux())
            return;
        const int Rows = 1 << 15, Width = 512; // 64 MiB
        var table = new TensorProto { Name = "w", DataType = (int)OnnxElementType.Float, Dims = { Rows, Width }, DataLocation = TensorProto.Types.DataLocation.External };
        table.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "table" });
        var gather = TestModels.Of(TestModels.Node("Gather", ["w", "i"], ["y"]), [TestModels.Tensor("i", OnnxElementType.Int64, 1)], [TestModels.Tensor("y", OnnxElementType.Float, 1, Width)]);
        gather.Graph.Initializer.Add(table);
        using (var file = File.Create(Path.Combine(this.folder, "table")))
            file.SetLength(4L * Rows * Width);
        var before = PrivateBytes();
        using var session = OnnxSession.Load(Fixture.Runtime, gather.ToByteArray(), files: ExternalFiles.Beside(this.folder));
        Assert.Equal(Width, session.Run([OnnxValue.Of("i", [7L], 1)])[0].ToDoubles().Length);
        Assert.InRange(PrivateBytes() - before, long.MinValue, 16L << 20);
    }

    private static long PrivateBytes()
    {
        var line = File.ReadLines($"/proc/{Environment.ProcessId}/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line["RssAnon:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }

    private byte[] Write(string location, params float[] weights)
    {
        Directory.CreateDirectory(Path.Combine(this.folder, "ab"));
        File.WriteAllBytes(Path.Combine(this.folder, "ab", "abcd"), [.. weights.SelectMany(BitConverter.GetBytes)]);
        var model = TestModels.AddWeights(weights);
        var weight = model.Graph.Initializer[0];
        weight.FloatData.Clear();
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        return model.ToByteArray();
    }
}
