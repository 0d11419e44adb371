using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO.Links;

/// <content>The two daemons between the line and the machine.</content>
public sealed partial class ReliableLink
{
    private const int ReadSize = 4096;
    private const int WriteSize = 2048;

    /// <summary>How long the line may take for the word that the session is over: nobody waits for longer than that.</summary>
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly WaitQueue _work;
    private Coroutine _receiver = null!;
    private Coroutine _sender = null!;
    private Exception? _lineError;
    private bool _isSending;

    private void Start()
    {
        _receiver = Coroutine.Spawn(ReceiveAsync, new SpawnOptions { Name = $"{Name}: receiver", Daemon = DaemonRule.UntilWorkEnds });
        _sender = Coroutine.Spawn(SendAsync, new SpawnOptions { Name = $"{Name}: sender", Daemon = DaemonRule.UntilWorkEnds });
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[ReadSize];
        // What is no stream of the loop is not reached by a kill.
        CancellationToken token = _line is FdStream ? default : Coroutine.Current.Token;
        try
        {
            while (_machine.End == LinkEnd.None)
            {
                int count = await _line.ReadAsync(buffer, token);
                if (count == 0)
                    throw new EndOfStreamException("the line has ended.");
                _machine.Receive(buffer.AsSpan(0, count), _scheduler.Now);
                _work.WakeOne();
                WakeWaiters();
                await Coroutine.CheckpointAsync();
            }
        }
#pragma warning disable CA1031 // Whatever the line throws is told to those who use the link.
        catch (Exception e)
#pragma warning restore CA1031
        {
            FailLine(e);
        }
    }

    private async Task SendAsync()
    {
        byte[] buffer = new byte[WriteSize];
        CancellationToken token = _line is FdStream ? default : Coroutine.Current.Token;
        try
        {
            while (true)
            {
                int count = _machine.Produce(buffer, _scheduler.Now);
                if (_isParting && _machine.HasParted)
                    _drainers.WakeAll();
                if (count > 0 && _machine.End != LinkEnd.None)
                    await WriteLastWordsAsync(buffer.AsMemory(0, count));
                else if (count > 0)
                    await WriteLineAsync(buffer.AsMemory(0, count), token);
                else if (_machine.End != LinkEnd.None)
                    break;
                else
                    await _work.WaitAsync(_machine.NextDue);
            }

            _receiver.Kill();
            WakeWaiters();
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            FailLine(e);
        }
    }

    private async ValueTask WriteLastWordsAsync(ReadOnlyMemory<byte> bytes)
    {
        using Deadline deadline = Deadline.After(s_lastWords);
        await WriteLineAsync(bytes, _line is FdStream ? default : deadline.Token);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask WriteLineAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        _isSending = true;
        try
        {
            await _line.WriteAsync(bytes, token);
            await _line.FlushAsync(token);
            await Coroutine.CheckpointAsync();
        }
        finally
        {
            _isSending = false;
        }
    }

    private void FailLine(Exception error)
    {
        if (_machine.End == LinkEnd.None)
            _lineError = error;
        _machine.FailLine();
        _work.WakeOne();
        WakeWaiters();
    }
}
