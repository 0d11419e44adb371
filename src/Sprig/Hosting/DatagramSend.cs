using Sprig.IO;

namespace Sprig.Hosting;

/// <summary>How a datagram goes out: a <see cref="UnixDatagramSender"/>'s, or a test's.</summary>
internal delegate DatagramOutcome DatagramSend(ReadOnlySpan<byte> message);
