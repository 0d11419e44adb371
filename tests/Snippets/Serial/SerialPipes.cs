using System.Buffers;
using System.IO.Pipelines;
using Sprig.IO;
using Sprig.IO.Ports;

namespace Snippets.Serial;

internal static class SerialPipes
{
    internal static async Task ReadAsync(SerialPort port)
    {
        #region read_a_pipe
        LoopPipeReader reader = new(port);
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            SequenceReader<byte> received = new(result.Buffer);
            while (received.TryReadTo(out ReadOnlySpan<byte> line, (byte)'\n'))
                Handle(line);
            reader.AdvanceTo(received.Position, result.Buffer.End);
            if (result.IsCompleted)
                break;
        }
        #endregion
    }

    private static void Handle(ReadOnlySpan<byte> line) => Console.WriteLine(line.Length);
}
