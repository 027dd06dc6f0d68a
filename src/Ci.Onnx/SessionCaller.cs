using Ci.Onnx.Native;

namespace Ci.Onnx;

/// <summary>
/// Runs a session on <see cref="OnnxValue"/>s as <see cref="OnnxSession.Run"/> does, but keeps a <see cref="SessionBinding"/> and the outputs for the
/// next call: calls of one batch size allocate nothing managed after the first. One caller at a time. What cannot be bound (text, sequences,
/// open shapes, inputs of different batches) goes through <see cref="OnnxSession.Run"/> with the same results.
/// </summary>
public sealed class SessionCaller(OnnxSession session) : IDisposable
{
    private readonly OrtHandle runOptions = RunSettings.Create(session.Runtime, session.Options);
    private SessionBinding? binding;
    private OnnxValue[] outputs = [];
    private bool isUnbound;

    /// <summary>Bytes of the buffers that are kept between calls.</summary>
    public long KeptBytes => this.binding?.BufferBytes ?? 0;

    /// <summary>Runs the model once.</summary>
    /// <param name="inputs">One value for each declared input, in that order.</param>
    /// <returns>One value for each declared output, in that order; the next call may overwrite them.</returns>
    /// <exception cref="OnnxException">Number, name, type or shape of an input does not fit the model.</exception>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refused; its own text is the reason.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var batch = this.isUnbound ? 0 : this.BatchOf(inputs);
        if (batch == 0 || !this.TryPrepare(batch) || !this.TryWrite(inputs))
            return session.RunWith(inputs, this.runOptions);
        try
        {
            this.binding!.Run();
        }
        catch (OnnxRuntimeException)
        {
            // The binding guesses the outputs' shapes; a model whose shapes follow the data is run without. One that really fails fails again.
            var values = session.RunWith(inputs, this.runOptions);
            this.isUnbound = true;
            this.Unbind();
            return values;
        }

        return this.ReadOutputs();
    }

    /// <summary>
    /// Ends the run under way, from any thread: it fails as soon as its present operator is done, and so does every other one until <see cref="Resume"/>.
    /// One operator alone, however long, is not interrupted; the rounds of a Loop or Scan are operators of their own.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The caller was disposed.</exception>
    public unsafe void Terminate()
    {
        using var lease = this.runOptions.Take();
        session.Runtime.Api.Check(session.Runtime.Api.SetTerminate(lease.Value), "ending a run");
    }

    /// <summary>Runs are possible again.</summary>
    /// <exception cref="ObjectDisposedException">The caller was disposed.</exception>
    public unsafe void Resume()
    {
        using var lease = this.runOptions.Take();
        session.Runtime.Api.Check(session.Runtime.Api.UnsetTerminate(lease.Value), "allowing runs again");
    }

    /// <summary>Gives the kept buffers back; the session stays.</summary>
    public void Dispose()
    {
        this.Unbind();
        this.runOptions.Dispose();
    }

    private void Unbind()
    {
        this.binding?.Dispose();
        this.binding = null;
        this.outputs = [];
    }

    /// <summary>The one size of all dynamic first dimensions (1 where there is none); 0 where there is no such size.</summary>
    private int BatchOf(IReadOnlyList<OnnxValue> inputs)
    {
        if (inputs.Count != session.Inputs.Count)
            return 0;
        var batch = 0L;
        for (var i = 0; i < inputs.Count; i++)
        {
            var (declared, given) = (session.Inputs[i].Shape, inputs[i].Shape);
            if (declared.Length != given.Length)
                return 0;
            if (declared.Length == 0 || declared[0] >= 0)
                continue;
            if (batch != 0 && batch != given[0])
                return 0;
            batch = given[0];
            if (batch is 0 or > int.MaxValue)
                return 0;
        }

        return batch == 0 ? 1 : (int)batch;
    }

    private bool TryPrepare(int batch)
    {
        if (this.binding is not null)
        {
            this.binding.Rebind(batch);
            return true;
        }

        try
        {
            this.binding = new SessionBinding(session, batch, null, this.runOptions);
            return true;
        }
        catch (OnnxException)
        {
            this.isUnbound = true;
            return false;
        }
    }

    private bool TryWrite(IReadOnlyList<OnnxValue> inputs)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (!this.binding!.TryWrite(i, inputs[i]))
                return false;
        }

        return true;
    }

    private OnnxValue[] ReadOutputs()
    {
        if (this.outputs.Length == 0)
            this.outputs = new OnnxValue[session.Outputs.Count];
        for (var i = 0; i < this.outputs.Length; i++)
            this.outputs[i] = this.binding!.Read(i, this.outputs[i]);
        return this.outputs;
    }
}
