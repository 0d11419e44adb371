using System.Text;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Testing.Serial;

/// <summary>A sensor that plays a script: asked this it answers that. Requests are bytes or lines; what it does not know it counts.</summary>
/// <remarks>Loop thread only. It owns the reading of its line, usually a <see cref="VirtualSerial"/>; it does not close it.</remarks>
/// <example><code>
/// ScriptedSensor sensor = new ScriptedSensor(device).WhenLine("T?", "21.5");
/// _ = Coroutine.Spawn(sensor.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
/// sensor.BeSilentFor(2);                                           // the next two requests get no answer
/// </code></example>
public sealed partial class ScriptedSensor : SimulatedAnswers
{
    private const int LongestLine = 4096;
    private static readonly TimeSpan s_gap = TimeSpan.FromMilliseconds(20);

    private readonly Stream _line;
    private readonly List<Rule> _rules = [];
    private readonly List<byte> _received = [];
    private readonly AsyncLock _writing = new("the line of a scripted sensor");
    private bool _isSkipping;

    /// <summary>A sensor at the end of a line, without a script yet.</summary>
    /// <param name="line">Its own end.</param>
    public ScriptedSensor(Stream line)
    {
        ArgumentNullException.ThrowIfNull(line);
        _line = line;
    }

    /// <summary>What its lines end with, both ways in effect: requests may end with LF alone.</summary>
    public string NewLine { get; init; } = "\r\n";

    /// <summary>What it was sent and does not know: lines, or bytes in a row.</summary>
    public long Unknown { get; private set; }

    /// <summary>When these bytes come, it answers those.</summary>
    /// <param name="request">At least one byte.</param>
    /// <param name="answer">Empty: it does something and says nothing.</param>
    /// <param name="delay">How long it takes.</param>
    public ScriptedSensor When(ReadOnlySpan<byte> request, ReadOnlySpan<byte> answer, TimeSpan delay = default)
    {
        byte[] bytes = answer.ToArray();
        return When(request, () => bytes, delay);
    }

    /// <param name="request">At least one byte.</param>
    /// <param name="answer">Asked for each answer.</param>
    /// <param name="delay">How long it takes.</param>
    /// <inheritdoc cref="When(ReadOnlySpan{byte}, ReadOnlySpan{byte}, TimeSpan)"/>
    public ScriptedSensor When(ReadOnlySpan<byte> request, Func<byte[]> answer, TimeSpan delay = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (request.IsEmpty)
            throw new ArgumentException("A request has at least one byte.", nameof(request));
        _rules.Add(new Rule(request.ToArray(), IsLine: false, answer, delay));
        return this;
    }

    /// <summary>When this line comes, it answers that one.</summary>
    /// <param name="request">Without its end.</param>
    /// <param name="answer">Without its end.</param>
    /// <param name="delay">How long it takes.</param>
    public ScriptedSensor WhenLine(string request, string answer, TimeSpan delay = default) => WhenLine(request, () => answer, delay);

    /// <param name="request">Without its end.</param>
    /// <param name="answer">Asked for each answer.</param>
    /// <param name="delay">How long it takes.</param>
    /// <inheritdoc cref="WhenLine(string, string, TimeSpan)"/>
    public ScriptedSensor WhenLine(string request, Func<string> answer, TimeSpan delay = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        _rules.Add(new Rule(Encoding.UTF8.GetBytes(request), IsLine: true, () => Encoding.UTF8.GetBytes(answer() + NewLine), delay));
        return this;
    }

    /// <summary>Answers until it is killed or its line ends: the body of a coroutine, usually a daemon.</summary>
    /// <exception cref="IOException">The line failed; a <see cref="VirtualSerial"/> does not.</exception>
    public async Task RunAsync()
    {
        byte[] chunk = new byte[1024];
        MonotonicTime last = MonotonicTime.Now;
        try
        {
            while (await _line.ReadAsync(chunk) is > 0 and int count)
            {
                // After a silence, what is unknown is another request.
                _isSkipping &= MonotonicTime.Now - last < s_gap;
                _received.AddRange(chunk.AsSpan(0, count));
                while (Take() is { } rule)
                    await AnswerAsync(bytes => WriteAsync(bytes), rule.Answer, rule.Delay);
                last = MonotonicTime.Now;
            }
        }
        catch (ObjectDisposedException)
        {
            // Unplugged for good.
        }
    }

    /// <summary>Sends what nobody has asked for.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> bytes) => WriteAsync(bytes);

    /// <summary>Sends a line that nobody has asked for.</summary>
    public Task SendLineAsync(string line) => WriteAsync(Encoding.UTF8.GetBytes(line + NewLine));

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        using (await _writing.AcquireAsync())
            await _line.WriteAsync(bytes);
    }
}
