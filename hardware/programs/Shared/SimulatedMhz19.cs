using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Programs;

/// <summary>An MH-Z19 at the other end of a real tty, in a room that gets stuffy until somebody opens a window.</summary>
/// <remarks>Dispose unplugs it. Loop thread only.</remarks>
public sealed class SimulatedMhz19 : IDisposable
{
    private const int FreshAir = 420;
    private const int StuffyAir = 1400;
    private const int Breath = 70;
    private static readonly TimeSpan s_untilOpened = TimeSpan.FromMilliseconds(50);

    private readonly PseudoTerminal _terminal = PseudoTerminal.Open();

    /// <summary>The tty to open, as /dev/pts/3.</summary>
    public string DevicePath => _terminal.DevicePath;

    /// <summary>What it will answer, in parts per million; a little more with each answer.</summary>
    public int Co2 { get; set; } = FreshAir;

    /// <summary>It hears, but does not answer: a loose wire.</summary>
    public bool IsSilent { get; set; }

    /// <summary>It answers with a wrong checksum: a long wire.</summary>
    public bool IsGarbling { get; set; }

    /// <summary>How long it takes to answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Answers until it is killed or unplugged: the body of a coroutine, usually a daemon.</summary>
    public async Task RunAsync()
    {
        byte[] question = new byte[9];
        try
        {
            while (true)
            {
                try
                {
                    await _terminal.ReadExactlyAsync(question);
                    if (Delay > TimeSpan.Zero)
                        await Coroutine.Sleep(Delay);
                    if (!IsSilent)
                        await _terminal.WriteAsync(Answer());
                }
                catch (IOException)
                {
                    // Nobody has the tty open.
                    await Coroutine.Sleep(s_untilOpened);
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // Unplugged.
        }
    }

    /// <summary>Unplugs it: who has the tty open reads the hang-up.</summary>
    public void Dispose() => _terminal.Dispose();

    private byte[] Answer()
    {
        byte[] answer = [0xFF, 0x86, (byte)(Co2 >> 8), (byte)Co2, 0, 0, 0, 0, 0];
        answer[8] = (byte)(Mhz19.CheckOf(answer) + (IsGarbling ? 1 : 0));
        Co2 = Co2 < StuffyAir ? Co2 + Breath : FreshAir;
        return answer;
    }
}
