using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sprig.Supervision;

/// <summary>A piece of work that worker processes know by its name, with its types: see <see cref="ProcessWorker"/>.</summary>
/// <typeparam name="TIn">The input's type.</typeparam>
/// <typeparam name="TOut">The result's type.</typeparam>
public sealed class ProcessEntry<TIn, TOut> : ProcessEntry
{
    private readonly Func<TIn, Task<TOut>> _work;
    private readonly JsonTypeInfo<TIn> _input;
    private readonly JsonTypeInfo<TOut> _output;

    internal ProcessEntry(string name, Func<TIn, Task<TOut>> work, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output)
        : base(name)
    {
        _work = work;
        _input = input;
        _output = output;
    }

    internal byte[] WriteInput(TIn input) => JsonSerializer.SerializeToUtf8Bytes(input, _input);

    internal TOut ReadResult(byte[] json) => JsonSerializer.Deserialize(json, _output)!;

    internal override async Task<byte[]> ServeAsync(ReadOnlyMemory<byte> input)
    {
        TOut result = await _work(JsonSerializer.Deserialize(input.Span, _input)!);
        return JsonSerializer.SerializeToUtf8Bytes(result, _output);
    }
}
